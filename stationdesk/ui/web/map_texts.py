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
        "drawing_kind": _("画{kind}"),
        "marking_kind": _("标{kind}"),
        "sketch": _("示意图：长短是估的"),
        "drawing_hint": _(
            "逐点点击，双击或回车完成；Ctrl+Z 退一步，按住 Alt 不吸附；也可用方向键移图、空格加点"
        ),
        "drawing_point_hint": _("在地图上点一下；也可用方向键移图、回车放下"),
        "editing": _("改形状：{title}"),
        "editing_LineString": _("拖圆点移动，点线加点，拖线整体移动；选中圆点可删去或断开"),
        "editing_Polygon": _("拖圆点移动，点边加点，在里面按住拖动可整体移动；右击圆点删去"),
        "editing_Point": _("把圆点拖到新位置，回车完成"),
        "continuing": _("接着画：{title}"),
        "continuing_hint": _("从离得近的一端接着逐点点击，双击或回车完成"),
        "crossed": _("边线交叉了"),
        "crossed_hint": _("分不清哪里是里面：退一步，绕着边重新点"),
        "length": _("长 {length}"),
        "area": _("约 {mu} 亩（{area}），一圈 {length}"),
        "snap_corner": _("接到“{title}”的拐点"),
        "snap_end": _("接到“{title}”的端点"),
        "snap_line": _("接到“{title}”"),
        "snap_own": _("接回起点"),
        "corner": _("第 {number} 点，共 {count} 点"),
        "take_out": _("删去这点"),
        "cut": _("从这里断开"),
        "continue": _("接着画"),
        "enough": _("接完了"),
        "done": _("完成"),
        "back": _("退一步"),
        "again": _("重做"),
        "cancel": _("取消"),
    }
