"""Why a message did not get through, in words."""

from flask_babel import gettext, lazy_gettext

REASONS = {
    "timeout": lazy_gettext("超过时间没有答复"),
    "unreachable": lazy_gettext("连不上，或连接中断"),
    "no_such_host": lazy_gettext("找不到这个服务器名"),
    "tls": lazy_gettext("对方的证书不可信，或加密连接失败"),
    "sign_in_refused": lazy_gettext("服务器不接受密钥、签名或密码"),
    "busy": lazy_gettext("服务器请稍后再试"),
    "redirected": lazy_gettext("对方要转到别的网址，没有跟过去"),
    "inner_address": lazy_gettext("网址通向内部网络，不能用"),
    "unfit_url": lazy_gettext("网址写得不对"),
    "refused": lazy_gettext("对方不接受这条消息"),
    "no_address": lazy_gettext("没有填地址"),
    "disabled": lazy_gettext("这个人的账号已停用"),
}


def reason_words(code: str) -> str:
    """The reason in words; a failure inside the program says only that it is one."""
    return str(REASONS.get(code, gettext("程序出错，请告诉管理员"))) if code else ""
