"""Files of offices: Word, OpenDocument, RTF, PDF, text and HTML."""

from service.intake.documents.reader import read_file

__all__ = ["read_file"]
