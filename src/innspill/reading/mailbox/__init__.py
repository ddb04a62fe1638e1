"""Files and folders of mail -> messages, their headers and their parts."""
