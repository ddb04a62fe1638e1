"""Builds the documents here with LibreOffice: the demo's report as .docx and .odt, and a reviewed copy as .odt and .doc.

Run it from the repository's root: ``python tests/documents/build_documents.py``. The tests read what it made.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1] / "corpora" / "ki-helsedata" / "source" / "report.fodt"


def convert(source: Path, suffix: str, workshop: Path, target: Path) -> None:
    profile = (workshop / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix]
    subprocess.run([*command, "--outdir", str(workshop / "out"), str(source)], check=True, capture_output=True)
    shutil.copyfile(workshop / "out" / f"{source.stem}.{suffix}", target)


def main() -> None:
    sys.path.insert(0, str(HERE.parent))
    from copy_reviews import apply
    from word_files import WordReview

    with tempfile.TemporaryDirectory() as name:
        workshop = Path(name)
        for suffix in ("docx", "odt"):
            convert(SOURCE, suffix, workshop, HERE / f"report.{suffix}")
        review = WordReview((HERE / "report.docx").read_bytes())
        for change in json.loads((HERE / "review.json").read_text(encoding="utf-8"))["changes"]:
            apply(review, change)
        reviewed = workshop / "reviewed.docx"
        reviewed.write_bytes(review.save())
        for suffix in ("odt", "doc"):
            convert(reviewed, suffix, workshop, HERE / f"reviewed.{suffix}")


if __name__ == "__main__":
    main()
