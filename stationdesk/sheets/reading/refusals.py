"""Sentences that several steps of reading end with."""

from __future__ import annotations

from stationdesk.core.errors import UserError


def locked() -> UserError:
    """A password keeps the file shut."""
    return UserError("文件设了密码，读不了。请用 WPS 或 Excel 打开它，去掉密码后另存，再导入。")


def broken() -> UserError:
    """The file is damaged, or no workbook inside."""
    return UserError("文件已损坏或不是真正的表格，读不了。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。")


def too_big() -> UserError:
    """More than the reader may use for one file."""
    return UserError("文件太大，没有读完。请删去多余的工作表和空白行列，或分成几个文件。")


def no_table() -> UserError:
    """Something else than a workbook."""
    return UserError("这不是表格文件。请选 .xlsx、.xls、.ods 或 .csv 文件。")


def unclosed() -> UserError:
    """A quotation mark of a text table is opened and never closed."""
    return UserError("有一处引号没有配对，后面的行分不清。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。")


def word_document() -> UserError:
    """A text with perhaps a table in it."""
    return UserError("这是 Word 文档，不是表格。请把里面的表格复制到 WPS 表格或 Excel 里，另存后再导入。")


def slides() -> UserError:
    """A presentation."""
    return UserError("这是演示文稿，不是表格。请选 .xlsx、.xls、.ods 或 .csv 文件。")


def wps_only() -> UserError:
    """A file of WPS that is no workbook of Excel inside."""
    return UserError("这个 .et 文件是 WPS 自己的格式，读不了。请用 WPS 打开它，另存为 .xlsx 后再导入。")
