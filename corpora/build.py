"""Build an invented consultation from its hand-written sources.

    python corpora/build.py FOLDER [--report-only]

It reads `source/plan.toml`, `source/report.md` and `source/mail/*.txt` in the folder, and writes `source/report.fodt`,
`report.pdf`, `mail/*.eml`, `mail/innboks-arkiv.mbox`, `gold.json` and `consultation.toml`. corpora/README.md tells of
the sources.

It needs LibreOffice (`soffice`) with the Norwegian hyphenation (Debian: `hyphen-no`), the Liberation fonts, poppler's
`pdftotext`, and the Python packages python-docx, openpyxl and lxml. The output is the same each time with the same
versions of these programs. The exit status is 1 when the sources hold errors.
"""

import sys

from building.command import main

if __name__ == "__main__":
    sys.exit(main((__doc__ or "").partition("\n")[0]))
