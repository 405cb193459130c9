"""What code branches on around forms and ledgers: media of forms, states of a month, kinds of own fields."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("表格种类")
class FormMedium(Choice):
    """What kind of file a department's blank form is."""

    XLSX = choice("xlsx", "Excel 表格")
    DOCX = choice("docx", "Word 文档")


@captioned("月份状态")
class MonthState(Choice):
    """Whether the figures of a month stand as they were handed in."""

    CLOSED = choice("closed", "已结账")
    REOPENED = choice("reopened", "已重新打开")


@captioned("字段类型")
class OwnKind(Choice):
    """What a field that the station added itself holds."""

    LINE = choice("line", "单行文字")
    TEXT = choice("text", "多行文字")
    NUMBER = choice("number", "数字")
    MONEY = choice("money", "金额（元）")
    DATE = choice("date", "日期")
    YES_NO = choice("yes_no", "是或否")
    CHOICE = choice("choice", "单选")
    CHOICES = choice("choices", "多选")

    @property
    def has_options(self) -> bool:
        """Whether its values come from a list that the worker writes."""
        return self in {OwnKind.CHOICE, OwnKind.CHOICES}


@captioned("对外时")
class OwnGuard(Choice):
    """What happens to an own field in anything that leaves the station."""

    OPEN = choice("open", "照原样")
    MASKED = choice("masked", "只留首字")
    DROPPED = choice("dropped", "不列出")
