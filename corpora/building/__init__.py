"""The builder of the invented consultations: from hand-written sources to report.pdf, mail and gold.json.

`command` runs it. `report`, `mails` and `consultation` read the sources; `opendocument` and `office` print the report,
`layout` reads its lines back from the PDF; `citations` fills in the numbers; `quoted`, `bodies`, `attachments` and
`messages` write the mail in the shapes of the programs that it pretends to come from; `gold` writes down what is true.
"""
