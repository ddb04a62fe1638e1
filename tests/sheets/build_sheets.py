"""Writes the workbooks of this folder: openpyxl lays them out, LibreOffice saves them as it saves a user's.

Run by hand where a fixture is to change: ``python tests/sheets/build_sheets.py`` (needs soffice).
"""

import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment

HERE = Path(__file__).parent


def form() -> Workbook:
    """A form with instructions, merged chapters, a hidden row and column, dates for ranges, notes, formulas."""
    workbook = Workbook()
    guide = workbook.active
    guide.title = "Rettleiing"
    guide.append(["Slik fyller du ut skjemaet"])
    guide.append(["Skriv éin merknad i kvar rad."])
    sheet = workbook.create_sheet("Innspel")
    sheet.append(["Høyring av rapporten om sjøtransport"])
    sheet.append([])
    sheet.append(["Nr.", "Kap./avsnitt", "Fra linje", "Til linje", "Merknad", "Endringsframlegg", "Kontakt", "Enig?"])
    sheet.append([1, 3.1, 45, 47, "Kaia er for kort.\nHo er òg for smal.", "Forleng kaia.", "Åse", True])
    sheet.append([2, None, datetime(2026, 12, 5), None, "Her manglar kart.", None, "Åse", False])
    sheet.append([3, None, 120.0, None, "Raden er skjult, men sagt.", None, "Åse", None])
    sheet.append([])
    sheet.append([4, 4.2, 200, 200, "Del av 25 %:", "=1/0", "Åse", 0.25])
    sheet["B4"].number_format = "0.00"
    sheet["C5"].number_format = "d-mmm"
    sheet["H8"].number_format = "0%"
    sheet["E4"].alignment = Alignment(wrap_text=True)
    sheet.merge_cells("B4:B6")
    sheet.merge_cells("A1:H1")
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["G"].hidden = True
    sheet["E5"].comment = Comment("Sjå kartet frå 2024.", "Unni Moe")
    lists = workbook.create_sheet("Lister")
    lists.append(["Enig"])
    lists.append(["Ueinig"])
    lists.sheet_state = "hidden"
    return workbook


def labels() -> Workbook:
    """A form with labels on the left, a block for each comment."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Skjema"
    for place, comment in ((45, "Kaia er for kort."), (51, "Manglar kart.")):
        for row in (["Linje:", place], ["Kommentar:", comment], ["Forslag:", None], []):
            sheet.append(row)
    return workbook


def main() -> None:
    """Write all workbooks."""
    with tempfile.TemporaryDirectory() as folder:
        for name, workbook in (("lo-form", form()), ("lo-labels", labels())):
            source = Path(folder) / f"{name}.xlsx"
            workbook.save(source)
            office = ("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless")
            subprocess.run(
                [*office, "--convert-to", "xlsx", "--outdir", str(HERE), str(source)], check=True, capture_output=True
            )


if __name__ == "__main__":
    main()
