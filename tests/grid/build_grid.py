"""Build the PDFs that the tests of tables read, from the sources in `source/`.

    python tests/grid/build_grid.py

It needs `pdflatex` (with booktabs, multirow, pdflscape, lineno) and LibreOffice (`soffice`).
"""

import os
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1788220800", "FORCE_SOURCE_DATE": "1"}


def latex(name: str) -> None:
    """`source/NAME.tex` -> `tex-NAME.pdf`; run twice, for the contents."""
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            command = ["pdflatex", "-interaction=batchmode", f"-output-directory={folder}", f"{name}.tex"]
            subprocess.run(
                command,
                cwd=HERE / "source",
                env=ENVIRONMENT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        (HERE / f"tex-{name}.pdf").write_bytes((Path(folder) / f"{name}.pdf").read_bytes())


def office(name: str) -> None:
    """`source/NAME.fodt` -> `lo-NAME.pdf`."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        command.append(str(HERE / "source" / f"{name}.fodt"))
        subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        (HERE / f"lo-{name}.pdf").write_bytes((Path(folder) / f"{name}.pdf").read_bytes())


if __name__ == "__main__":
    latex("tables")
    latex("no-tables")
    office("tables")
