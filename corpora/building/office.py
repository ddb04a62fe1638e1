"""LibreOffice: from flat ODT to PDF, the same each time."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path


def to_pdf(sources: Sequence[Path], out: Path, made: datetime) -> None:
    """Convert flat ODT files to PDF with LibreOffice, in a profile of its own, and make the PDFs repeatable."""
    options = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                options,
                "--outdir",
                str(out),
                *map(str, sources),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
    for source in sources:
        pdf = out / f"{source.stem}.pdf"
        if not pdf.exists():
            raise SystemExit(f"LibreOffice wrote no {pdf.name}")
        pdf.write_bytes(fixed_pdf(pdf.read_bytes(), made))


def fixed_pdf(data: bytes, made: datetime) -> bytes:
    """Give a PDF a fixed date and identity, of the same length as those it has."""

    def same_length(value: bytes, match: re.Match[bytes]) -> bytes:
        return match[1] + value.ljust(len(match[2]), b"0")[: len(match[2])] + match[3]

    moment = made.strftime("%Y%m%d%H%M%S").encode()
    data = re.sub(rb"(/CreationDate\(D:)(\d{14})()", lambda match: same_length(moment, match), data)
    data = re.sub(rb"(/ID \[ <)([0-9A-F]+)(>)", lambda match: same_length(b"", match), data)
    data = re.sub(rb"(/ID \[ <[0-9A-F]+>\s+<)([0-9A-F]+)(>)", lambda match: same_length(b"", match), data)
    return re.sub(rb"(/DocChecksum /)([0-9A-F]+)(\s)", lambda match: same_length(b"", match), data)
