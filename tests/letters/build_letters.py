"""Writes the PDFs of this folder: LaTeX and LibreOffice set them, pikepdf puts on them what Acrobat and others do.

Run by hand where a fixture is to change: ``python tests/letters/build_letters.py`` (needs pdflatex and soffice).
"""

import subprocess
import tempfile
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

HERE = Path(__file__).parent


def latex(name: str) -> None:
    """Set a .tex file of this folder."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdflatex", "-interaction=batchmode", f"-output-directory={folder}", str(HERE / f"{name}.tex")]
        subprocess.run(command, check=True, capture_output=True)
        with pikepdf.open(Path(folder) / f"{name}.pdf") as pdf:
            pdf.save(HERE / f"{name}.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def office() -> None:
    """A Word document with a form and a note in its margin, as LibreOffice exports it with its notes."""
    from docx import Document

    document = Document()
    paragraph = document.add_paragraph("Kommunen takker for muligheten, og viser til ")
    run = paragraph.add_run("beredskapen langs kysten")
    paragraph.add_run(" som er omtalt i kapittel 4.")
    document.add_comment([run], text="Nødnettet mangler her.", author="Åse Li")
    rows = [
        ("Side", "Kommentar", "Begrunnelse"),
        ("4", "Kaia er for kort for den nye ferja, og den bør forlenges.", "Ferja er 120 meter."),
        ("7", "Måling av vær og bølger bør nevnes.", ""),
    ]
    table = document.add_table(rows=len(rows), cols=3, style="Table Grid")
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    with tempfile.TemporaryDirectory() as folder:
        document.save(str(Path(folder) / "lo-notes.docx"))
        options = 'pdf:writer_pdf_Export:{"ExportNotes":{"type":"boolean","value":"true"}}'
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", options]
        source = str(Path(folder) / "lo-notes.docx")
        subprocess.run([*command, "--outdir", str(HERE), source], check=True, capture_output=True)


def quads_of(path: Path, page_number: int, words: str) -> list[float]:
    """The quadrilaterals that a reader draws over words, a line each."""
    textpage = pdfium.PdfDocument(path)[page_number - 1].get_textpage()
    index, count = textpage.search(words).get_next()
    quads: list[float] = []
    for number in range(textpage.count_rects(index, count)):
        left, bottom, right, top = textpage.get_rect(number)
        quads += [left, top, right, top, left, bottom, right, bottom]
    return quads


def annotation(kind: str, quads: list[float], **entries: object) -> Dictionary:
    """An annotation over words, as a reader's program stores it."""
    rectangle = Array([min(quads[::2]), min(quads[1::2]), max(quads[::2]), max(quads[1::2])])
    points = {"QuadPoints": Array(quads)} if kind in ("Highlight", "StrikeOut", "Underline", "Squiggly") else {}
    return Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=rectangle, **points, **entries)


def put_on(pdf: Pdf, page_number: int, annotations: list[Object]) -> None:
    page = pdf.pages[page_number - 1]
    page.obj["/Annots"] = Array([*page.obj.get("/Annots", Array()), *annotations])


def reviewed() -> None:
    """The letter with all that Acrobat puts on a page."""
    path = HERE / "letter.pdf"
    with pikepdf.open(path) as pdf:
        first = quads_of(path, 1, "kapittel 3 om kaiene")
        over_lines = quads_of(path, 1, "ytre kommunane")
        struck = quads_of(path, 1, "for kort")
        author = String("Åse Li")
        utf16 = String(b"\xfe\xff" + "Merknad med «ø» og 日本".encode("utf-16-be"))
        note = pdf.make_indirect(annotation("Highlight", first, Contents=utf16, T=author, Subj="Highlight"))
        popup = pdf.make_indirect(annotation("Popup", first, Parent=note, Contents="Ikke to ganger"))
        note["/Popup"] = popup
        reply = pdf.make_indirect(annotation("Text", first, Contents=String("Enig i dette."), T="Odd Ås", IRT=note))
        state = pdf.make_indirect(annotation("Text", first, Contents="Accepted set by Odd", StateModel="Review", State="Accepted", IRT=note))  # fmt: skip
        caret = pdf.make_indirect(annotation("Caret", [*struck[2:4], *struck[6:8]], Contents="altfor kort", T=author))
        strike = pdf.make_indirect(annotation("StrikeOut", struck, T=author, IRT=caret, RT=Name.Group))
        old = pdf.make_indirect(annotation("Highlight", over_lines, Contents=String(b"Pr\xf8v p\xe5 nytt"), T=author))
        silent = pdf.make_indirect(annotation("Highlight", quads_of(path, 1, "eit kart")))
        copied = pdf.make_indirect(annotation("Squiggly", quads_of(path, 1, "godt"), Contents="godt"))
        put_on(pdf, 1, [note, popup, reply, state, caret, strike, old, silent, copied])
        line = quads_of(path, 2, "ambulansebåten")
        sticky = annotation("Text", [20.0, line[1], 38.0, line[5]], Contents="Kva med helikopter?", T=author)
        free = annotation("FreeText", [20.0, 300.0, 200.0, 320.0], Contents="Skrive rett på sida: hugs nødnettet.")
        ink = annotation("Ink", line, InkList=Array([Array(line[:4])]))
        comma = annotation("StrikeOut", quads_of(path, 2, ",")[:8], Contents="Stryk kommaet")
        put_on(pdf, 2, [pdf.make_indirect(item) for item in (sticky, free, ink, comma)])
        pdf.attachments["Kart over kaiene.xlsx"] = b"PK"
        pdf.save(HERE / "reviewed.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def turned_and_cropped() -> None:
    """The letter marked, then turned by its page's entry and cut to less than its paper."""
    path = HERE / "letter.pdf"
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0]
        mark = annotation("Highlight", quads_of(path, 1, "kapittel 3 om kaiene"), Contents="Bra.", T="Åse Li")
        put_on(pdf, 1, [pdf.make_indirect(mark)])
        # The content is turned one way and the page the other, as scanners and CAD programs do: it is shown upright.
        page.contents_add(b"q 0 1 -1 0 842 0 cm\n", prepend=True)
        page.contents_add(b"\nQ\n")
        quads = [float(value) for value in page.obj.Annots[0].QuadPoints]
        turned = [value for x, y in zip(quads[::2], quads[1::2], strict=True) for value in (842 - y, x)]
        page.obj.Annots[0].QuadPoints = Array(turned)
        page.obj.Annots[0].Rect = Array([min(turned[::2]), min(turned[1::2]), max(turned[::2]), max(turned[1::2])])
        page.mediabox = Array([0, 0, 842, 595])
        page.cropbox = Array([40, 30, 820, 580])
        page.obj.Rotate = 90
        del pdf.pages[1]
        pdf.save(HERE / "turned.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def filled() -> None:
    """A form with printed labels and fields, filled in; one field has its value in its parent."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding))  # fmt: skip
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(
        b"BT /F1 11 Tf 60 740 Td (Namn:) Tj 0 -40 Td (Linje:) Tj 0 -40 Td (Merknad:) Tj ET"
    )

    def field(name: str, box: list[float], value: Object | None, **entries: object) -> Object:
        values = {"V": value} if value is not None else {}
        return pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, T=name, Rect=Array(box), **values, **entries))  # fmt: skip

    text = {"FT": Name.Tx}
    parent = pdf.make_indirect(Dictionary(FT=Name.Tx, T="linje", V=String("45–47")))
    child = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Parent=parent, Rect=Array([130, 694, 300, 712])))  # fmt: skip
    parent.Kids = Array([child])
    named = field("namn", [130, 734, 400, 752], String("Åse Li"), **text)
    comment = field("merknad", [130, 560, 500, 672], String("Kaia er for kort.\rHo er òg for smal."), **text, Ff=4096)
    unlabelled = field("epost", [60, 400, 300, 418], String("aase@ulvsund.example"), **text, TU=String("E-post"))
    empty = field("tom", [60, 360, 300, 378], None, **text)
    ticked = field("enig", [60, 320, 75, 335], Name.Ja, FT=Name.Btn, AS=Name.Ja, TU=String("Einig"), AP=Dictionary(N=Dictionary(Ja=pdf.make_stream(b""), Off=pdf.make_stream(b""))))  # fmt: skip
    page.obj.Annots = Array([named, child, comment, unlabelled, empty, ticked])
    fields = Array([named, parent, comment, unlabelled, empty, ticked])
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fields, DR=Dictionary(Font=Dictionary(Helv=font)), DA=String("/Helv 0 Tf 0 g")))  # fmt: skip
    pdf.save(HERE / "filled.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


if __name__ == "__main__":
    for source in ("letter", "form"):
        latex(source)
    office()
    reviewed()
    turned_and_cropped()
    filled()
