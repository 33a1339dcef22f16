"""The numbers to ring now, by country: what the line says before all else when a life may be in danger."""

from ivr.hotlines.directory import ELSEWHERE, Country, Directory, Emergency, Hotlines, Line
from ivr.hotlines.file import BadHotlines, load

__all__ = ["ELSEWHERE", "BadHotlines", "Country", "Directory", "Emergency", "Hotlines", "Line", "load"]
