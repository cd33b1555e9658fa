"""The first words of every kind of message, and the figures of delivery."""

import datetime as dt

from django.db import migrations

FIGURES = {
    "notify.quiet_from": ("21:00", "time"),
    "notify.quiet_to": ("08:00", "time"),
    "notify.most_attempts": (6, "attempts"),
    "notify.backoff_seconds": (30, "seconds"),
    "notify.backoff_most_seconds": (3600, "seconds"),
    "notify.drain_seconds": (60, "seconds"),
    "notify.clock_minutes": (60, "minutes"),
}
# code: (values, by SMS too, (subject, body) in Chinese, (subject, body) in English)
WORDS = {
    "job_done": (
        ["text", "title"], False,
        ("任务完成：{title}", "您发起的任务“{title}”已完成。{text}"),
        ("Job done: {title}", "Your job “{title}” is done. {text}"),
    ),
    "job_failed": (
        ["text", "title"], False,
        ("任务未完成：{title}", "您发起的任务“{title}”未能完成。{text}"),
        ("Job not done: {title}", "Your job “{title}” could not be done. {text}"),
    ),
    "export_decided": (
        ["decision", "number", "title"], False,
        ("导出申请 {number}：{decision}", "您申请的导出“{title}”（{number}）审批结果：{decision}。"),
        ("Export {number}: {decision}", "Your export “{title}” ({number}) was decided: {decision}."),
    ),
    "export_ready": (
        ["days", "number", "title"], False,
        ("导出文件已生成：{number}", "您申请的导出“{title}”（{number}）已生成，请在 {days} 天内领取。"),
        ("Export ready: {number}",
         "Your export “{title}” ({number}) is ready; fetch it within {days} days."),
    ),
    "warning_overdue": (
        ["due", "level", "unit", "warning"], False,
        ("预警逾期升级：{warning}",
         "{unit}的预警 {warning}（{level}）应于 {due} 前完成的步骤尚未完成，现予升级，请尽快处理。"),
        ("Warning overdue: {warning}",
         "The step of warning {warning} ({level}) of {unit} that was due by {due} has not been "
         "taken. It is escalated: please act."),
    ),
    "incident_opened": (
        ["grade", "kind", "number", "unit"], True,
        ("新事件 {number}：{kind}（{grade}）",
         "{unit}登记了事件 {number}：{kind}，{grade}。报告时限已开始计算，请登录系统处理。"),
        ("Incident {number}: {kind} ({grade})",
         "Incident {number} of {unit} was opened: {kind}, {grade}. Its clocks are running."),
    ),
    "incident_clock": (
        ["clock", "due", "number"], True,
        ("事件 {number} 的报告时限将至：{clock}", "事件 {number} 的“{clock}”应于 {due} 前完成，尚未完成。"),
        ("Incident {number}: {clock} is due soon",
         "“{clock}” of incident {number} is due by {due} and has not been made."),
    ),
    "account_new_place": (
        ["device", "network", "time"], True,
        ("您的账号在新的设备或网络登录",
         "您的账号于 {time} 在新的设备或网络（{device}，{network}）登录。如非本人操作，请立即结束会话并联系安全管理员。"),
        ("Your account was used from a new place",
         "Your account signed in at {time} from a new device or network ({device}, {network}). If "
         "it was not you, end your sessions and call the security administrator."),
    ),
    "account_factor": (
        ["change", "time"], True,
        ("您的第二验证因素有变动", "{time}：{change}。如非本人操作，请立即联系安全管理员。"),
        ("Your second factor changed",
         "{time}: {change}. If it was not you, call the security administrator at once."),
    ),
    "account_password": (
        ["change", "time"], True,
        ("您的密码有变动", "{time}：{change}。如非本人操作，请立即联系安全管理员。"),
        ("Your password changed",
         "{time}: {change}. If it was not you, call the security administrator at once."),
    ),
    "account_session": (
        ["count", "reason", "time"], True,
        ("您的会话被结束", "{time}，您的 {count} 个会话被结束。原因：{reason}。"),
        ("Sessions of yours were ended", "{time}: {count} of your sessions were ended: {reason}."),
    ),
    "account_address": (
        ["channel", "time"], True,
        ("您的消息接收地址有变动", "{time}，您的{channel}接收地址已变更。如非本人操作，请立即联系安全管理员。"),
        ("Your address for messages changed",
         "{time}: your address for messages by {channel} was changed. If it was not you, call the "
         "security administrator at once."),
    ),
    "role_granted": (
        ["change", "role"], False,
        ("您的角色：{role}", "您的角色“{role}”：{change}。"),
        ("Your role: {role}", "Your role “{role}”: {change}."),
    ),
    "role_ended": (
        ["change", "role"], False,
        ("您的角色：{role}", "您的角色“{role}”：{change}。"),
        ("Your role: {role}", "Your role “{role}”: {change}."),
    ),
    "authority_granted": (
        ["authority", "unit", "until"], False,
        ("您获得授权 {authority}", "您在{unit}获得授权 {authority}，有效期至：{until}。"),
        ("Authority given to you: {authority}",
         "You were given authority {authority} in {unit}, until: {until}."),
    ),
    "authority_revoked": (
        ["authority", "unit"], False,
        ("您的授权已撤销：{authority}", "您在{unit}的授权 {authority} 已撤销，立即失效。"),
        ("Authority revoked: {authority}",
         "Your authority {authority} in {unit} was revoked and no longer holds."),
    ),
    "delivery_in_doubt": (
        ["channel", "status"], False,
        ("有消息的送达情况待处理", "一条{channel}消息的送达结果为“{status}”，请核实后决定是否重发。"),
        ("A delivery waits for your decision",
         "A message by {channel} is “{status}”: find out whether it arrived, and decide."),
    ),
    "work_handed_over": (
        ["count", "title"], False,
        ("有 {count} 项工作转交给您", "有 {count} 项工作转交给您，其中：{title}。"),
        ("Work handed over to you: {count}", "{count} pieces of work were handed over to you: {title}."),
    ),
}  # fmt: skip
# What stands before and after the words where they leave the house.
BRAND = {
    "zh-hans": {"email": ("【信保】", "\n\n请登录信保系统查看。请勿回复本邮件。"), "sms": ("", "【信保】")},
    "en": {"email": ("Xinbao: ", "\n\nPlease sign in to Xinbao. Do not reply."), "sms": ("", "Xinbao: ")},
}  # fmt: skip
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def dressed(channel, language, subject, body):
    """Return subject and body as the channel has them."""
    if channel == "in_app":
        return subject, body
    before, words = BRAND[language][channel]
    return (before + subject, body + words) if channel == "email" else (subject, words + body)


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, (value, unit) in FIGURES.items():
        parameter.objects.create(
            name=name, value=value, unit=unit, valid_from="2020-01-01",
            source="company policy (starter value)",
        )  # fmt: skip
    template = apps.get_model("core", "MessageTemplate")
    for code, (places, by_sms, chinese, english) in WORDS.items():
        for language, words in (("zh-hans", chinese), ("en", english)):
            for channel in ("in_app", "email", *(["sms"] if by_sms else [])):
                subject, body = dressed(channel, language, *words)
                template.objects.create(
                    code=code, channel=channel, language=language, version=1, subject=subject,
                    body=body, placeholders=places, valid_from="2020-01-01", status="approved",
                    proposed_at=LONG_AGO, decided_at=LONG_AGO, reason="shipped with the product",
                )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("core", "0011_messages")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
