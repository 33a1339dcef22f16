"""What a flow can `do`: each public function of the modules of this folder, whose name is its name in YAML.

None commits; none reaches the network.
"""

from importlib import import_module
from pkgutil import iter_modules

ROOMS = tuple(import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
