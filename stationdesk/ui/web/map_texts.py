"""The words of the map's own panels, in the language of the window. The page fills in the {values} itself."""

from __future__ import annotations

from collections.abc import Mapping

from stationdesk.core.messages import _


def map_texts() -> Mapping[str, str]:
    """By the name that the scripts in maps/page/ ask for."""
    return {
        "map": _("地图"),
        "legend": _("图例"),
        "reading": _("正在读取……"),
        "together": _("此处有 {count} 项"),
        "drawn": _("已绘 {drawn} / {total}"),
        "hidden": _("图例中隐藏 {count}"),
        "lost": _("{count} 项坐标有误，未能绘出"),
        "gathered": _("其中 {count} 项合并显示，放大可分开"),
        "unplaced": _("另有 {count} 项没有位置"),
        "review": _("审图号：{number}"),
        "fit": _("显示全部"),
        "nearer": _("放大（+）"),
        "farther": _("缩小（-）"),
        "placing": _("点击地图放置：{title}（Esc 取消）"),
        "moving": _("点击新位置或拖动圆点：{title}（Esc 取消）"),
        "drawing": _("画{kind}：逐点点击，双击结束（退格键删去上一点，Esc 取消）"),
        "drawing_point": _("点击地图放置：{kind}（Esc 取消）"),
        "editing": _("拖动圆点修改：{title}（右击删去一点，回车完成，Esc 取消）"),
        "done": _("完成"),
        "back": _("退一点"),
        "cancel": _("取消"),
    }
