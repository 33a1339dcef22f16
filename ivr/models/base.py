"""What all tables share: how ids are made, and how constraints are named."""

import uuid
from typing import ClassVar

from sqlalchemy import BigInteger, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def new_id() -> str:
    """A random id; rows are bound to it before they exist in the database."""
    return uuid.uuid4().hex


class Base(DeclarativeBase):
    """Names for constraints, so that migrations can drop them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {int: BigInteger, str: String, bytes: LargeBinary}


Id = String(32)


def an_id() -> Mapped[str]:
    return mapped_column(Id, primary_key=True)
