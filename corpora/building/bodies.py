"""The text of a message as plain text and HTML, in the shapes of the programs that it pretends to come from."""

import html
import re
import textwrap
from datetime import datetime
from email.utils import parseaddr

from .consultation import OSLO, Consultation
from .mails import FORWARDED, Mail
from .quoted import (
    IPHONE,
    Quoted,
    apple_attribution,
    gmail_attribution,
    gmail_forward_text,
    header_block,
    header_block_text,
    invitation,
    thunderbird_attribution,
)
from .report import LIST_LINE

OUTLOOK_HEAD = """\
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!--
/* Font Definitions */
@font-face
\t{{font-family:Calibri;
\tpanose-1:2 15 5 2 2 2 4 3 2 4;}}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal
\t{{margin:0cm;
\tfont-size:11.0pt;
\tfont-family:"Calibri",sans-serif;}}
p.MsoListParagraph, li.MsoListParagraph
\t{{margin-left:36.0pt;}}
--></style>
</head>
<body lang="{lang}" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">
<div class="WordSection1">
"""


def wrap_line(line: str, width: int) -> list[str]:
    """Wrap one line of plain text; list points get a hanging indent."""
    match = re.match(r"(-|\d+\.) +", line)
    return textwrap.wrap(
        line,
        width,
        break_long_words=False,
        break_on_hyphens=False,
        subsequent_indent=" " * (len(match[0]) if match else 0),
    ) or [""]


def wrap(text: str, width: int | None) -> str:
    """Wrap plain text line by line; width None leaves the long lines."""
    if width is None:
        return text
    return "\n".join(piece for line in text.splitlines() for piece in wrap_line(line, width))


def quote_lines(text: str, width: int | None) -> str:
    """Return text quoted with «> »."""
    return "\n".join(f"> {line}".rstrip() for line in wrap(text.rstrip(), width).splitlines())


def flowed(text: str, width: int = 72) -> str:
    """Return plain text as format=flowed (RFC 3676): soft line ends have a space before them."""
    out = []
    for line in text.splitlines():
        if line.rstrip() == "--":  # above a signature; not a soft line end
            out.append("-- ")
            continue
        mark = "> " if line.startswith(">") else ""
        content = line.lstrip("> ") if mark else line
        pieces = textwrap.wrap(content, width - len(mark), break_long_words=False, break_on_hyphens=False) or [""]
        stuffed = [f" {piece}" if not mark and piece.startswith((" ", ">", "From ")) else piece for piece in pieces]
        out += [f"{mark}{piece} " for piece in stuffed[:-1]] + [f"{mark}{stuffed[-1]}".rstrip()]
    return "\n".join(out)


def html_blocks(text: str) -> list[tuple[str, list[str]]]:
    """Split a body into blocks: ("p", lines), ("ul", points), ("ol", points) and ("blank", [])."""
    blocks: list[tuple[str, list[str]]] = []
    for line in text.strip("\n").splitlines():
        match = LIST_LINE.fullmatch(line)
        kind = "blank" if not line.strip() else "p" if not match else "ul" if match[1] == "-" else f"ol{match[1][:-1]}"
        content = match[2] if match else line
        if blocks and (blocks[-1][0] == kind or blocks[-1][0][:2] == kind[:2] == "ol"):
            blocks[-1][1].append(content)
        else:
            blocks.append((kind, [content]))
    return blocks


def linked(text: str) -> str:
    """Escape text for HTML, with web and mail addresses as links."""
    escaped = html.escape(text, quote=False)
    escaped = re.sub(r"https?://[^\s<>,]+[\w/]", r'<a href="\g<0>">\g<0></a>', escaped)
    return re.sub(r"(?<![\w/.])[\w.+-]+@[\w.-]+\.example", r'<a href="mailto:\g<0>">\g<0></a>', escaped)


def html_list(kind: str, points: list[str], style: str = "", point_style: str = "") -> str:
    """Return an HTML list."""
    start = f' start="{kind[2:]}"' if kind.startswith("ol") else ""
    items = "\n".join(f"<li{point_style}>{linked(point)}</li>" for point in points)
    return f"<{kind[:2]}{start}{style}>\n{items}\n</{kind[:2]}>"


def outlook_html(text: str) -> str:
    """Return text as Word writes it in Outlook: one MsoNormal a line, lists, empty paragraphs between."""
    out = []
    for kind, lines in html_blocks(text):
        if kind == "blank":
            out.append('<p class="MsoNormal"><o:p>&nbsp;</o:p></p>')
        elif kind == "p":
            out += [f'<p class="MsoNormal">{wrapped_html(linked(line))}<o:p></o:p></p>' for line in lines]
        else:
            out.append(
                html_list(kind, lines, ' style="margin-top:0cm"', ' class="MsoListParagraph" style="margin-left:0cm"')
            )
    return "\n".join(out)


def wrapped_html(fragment: str) -> str:
    """Wrap long HTML at spaces, as Word does in the source."""
    return "\n".join(textwrap.wrap(fragment, 76, break_long_words=False, break_on_hyphens=False)) or "&nbsp;"


def div_html(text: str) -> str:
    """Return text as Gmail and Apple Mail write it: one div a line."""
    out = []
    for kind, lines in html_blocks(text):
        if kind == "blank":
            out.append("<div><br></div>")
        elif kind == "p":
            out += [f"<div>{linked(line)}</div>" for line in lines]
        else:
            out.append(html_list(kind, lines))
    return "".join(out)


def web_html(text: str, charset: str) -> str:
    """Return text as a web client writes it: p with br."""
    out = []
    for kind, lines in html_blocks(text):
        if kind == "p":
            out.append("<p>" + "<br>\n".join(linked(line) for line in lines) + "</p>")
        elif kind != "blank":
            out.append(html_list(kind, lines))
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"></head>\n<body style="font-family: Verdana, '
        f'Arial, sans-serif; font-size: 10pt">\n' + "\n".join(out) + "\n</body></html>\n"
    )


def outlook_page(text: str, quoted: Quoted | None, language: str, charset: str) -> str:
    """Return a whole Outlook message, with the quoted message below a header block."""
    lang = {"nb": "NO-BOK", "nn": "NO-NYN", "en": "EN-GB"}[language]
    page = OUTLOOK_HEAD.format(charset=charset, lang=lang) + outlook_html(text)
    if quoted:
        rows = "<br>\n".join(
            f"<b>{label}:</b> {html.escape(value, quote=False)}" for label, value in header_block(quoted, language)
        )
        page += (
            '\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n<div>\n'
            "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>\n"
            f'<p class="MsoNormal">{rows}<o:p></o:p></p>\n</div>\n</div>\n'
            f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n{outlook_html(quoted.text)}'
        )
    return page + "\n</div>\n</body>\n</html>\n"


def gmail_page(text: str, quoted: Quoted | None, language: str, forward: bool = False) -> str:
    """Return a Gmail message, with the quoted or forwarded message in a gmail_quote."""
    page = f'<div dir="ltr">{div_html(text)}</div>'
    if quoted:
        address = f'&lt;<a href="mailto:{quoted.address}">{quoted.address}</a>&gt;'
        if forward:
            head = linked(gmail_forward_text(quoted, language)).replace("\n", "<br>")
            inner = f'<div dir="ltr" class="gmail_attr">{head}<br></div><br><br>{div_html(quoted.text)}'
        else:
            head = gmail_attribution(quoted, language, address)
            inner = (
                f'<div dir="ltr" class="gmail_attr">{head}<br></div><blockquote class="gmail_quote" style="margin:'
                '0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
                f"{div_html(quoted.text)}</blockquote>"
            )
        page += f'<br><div class="gmail_quote">{inner}</div>'
    return f"{page}\n"


def apple_page(text: str, quoted: Quoted, language: str) -> str:
    """Return an Apple Mail message, with the quoted message in a blockquote."""
    address = f'&lt;<a href="mailto:{quoted.address}">{quoted.address}</a>&gt;'
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        f'{div_html(text)}<div><br><blockquote type="cite"><div>{apple_attribution(quoted, language, address)}'
        f'</div><br class="Apple-interchange-newline"><div>{div_html(quoted.text)}</div></blockquote></div><br>'
        "</body></html>\n"
    )


def make_bodies(mail: Mail, to: str, consultation: Consultation) -> tuple[str | None, str | None]:
    """Return the message's plain text and HTML in the shape of the client that wrote it."""
    shape, text, language = mail.header["shape"], mail.body.strip("\n"), mail.language
    quoted = invitation(consultation, to)
    bare_address = f"<{quoted.address}>"
    if shape == "html":
        return None, (
            outlook_page(text, None, language, "{{charset}}") if mail.number % 2 else web_html(text, "{{charset}}")
        )
    if shape == "outlook-reply":
        plain = f"{text}\n\n{'_' * 32}\n{header_block_text(quoted, language)}\n\n{quoted.text}"
        return (None if mail.number % 3 else plain), outlook_page(text, quoted, language, "{{charset}}")
    if shape == "gmail-reply":
        plain = f"{wrap(text, 78)}\n\n{wrap(gmail_attribution(quoted, language, bare_address), 78)}\n\n"
        return plain + quote_lines(quoted.text, 76), gmail_page(text, quoted, language)
    if shape == "apple-reply":
        plain = f"{text}\n\n> {apple_attribution(quoted, language, bare_address)}\n> \n{quote_lines(quoted.text, None)}"
        return plain, apple_page(text, quoted, language)
    if shape == "iphone":
        if not re.search(r"iphone", text[-60:], re.IGNORECASE):
            text += f"\n\n{IPHONE[language]}"
        if mail.reply:
            text += f"\n\n{apple_attribution(quoted, language, bare_address)}\n\n{quote_lines(quoted.text, None)}"
        return text, None
    if shape == "thunderbird-inline":
        if not re.search(r"(skrev|skreiv|wrote).*:\s*$", text.split("\n>")[0], re.MULTILINE):
            text = f"{thunderbird_attribution(quoted, language)}\n{text}"
        return flowed(text), None
    if shape == "forwarded":
        return forwarded_bodies(mail)
    return wrap(text, 72 + mail.number % 7), None


def forwarded_bodies(mail: Mail) -> tuple[str | None, str | None]:
    """Return a forwarded message as Outlook (HTML) or Gmail (both) writes it."""
    outer, name_and_address, date, inner = FORWARDED.split(mail.body, maxsplit=1)
    name, address = parseaddr(name_and_address)
    subject = re.sub(r"^(vs|fwd?|vidaresendt|videresendt)\s*:\s*", "", mail.header["subject"], flags=re.IGNORECASE)
    sent = datetime.strptime(date, "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)
    quoted = Quoted(name, address, sent, mail.header["from"], subject, inner.strip("\n"))
    outer = outer.strip("\n")
    if mail.number % 2:
        return None, outlook_page(outer, quoted, mail.language, "{{charset}}")
    plain = f"{wrap(outer, 78)}\n\n{gmail_forward_text(quoted, mail.language)}\n\n\n{wrap(quoted.text, 78)}"
    return plain, gmail_page(outer, quoted, mail.language, forward=True)
