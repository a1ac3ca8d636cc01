"""Every sentence stands in traditional Chinese and in English, with the same placeholders."""

import io
import re
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import catalogs  # noqa: E402 - a script of ours beside the package

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
HAN = re.compile("[\u4e00-\u9fff]")


def catalog(language):
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


@pytest.fixture(scope="module")
def sentences():
    return [message.id for message in catalogs.collected() if message.id]


def texts(said):
    return list(said) if isinstance(said, tuple) else [said]


@pytest.mark.parametrize("language", ["zh_Hant", "en"])
def test_every_sentence_is_translated(language, sentences):
    known = {str(message.id): message.string for message in catalog(language) if message.id}
    missing = [one for one in sentences if not all(texts(known.get(str(one), "")))]
    assert missing == []


@pytest.mark.parametrize("language", ["zh_Hant", "en"])
def test_translations_keep_the_placeholders(language):
    wrong = [
        message.id
        for message in catalog(language)
        if message.id
        for said in texts(message.string)
        if set(PLACEHOLDER.findall(said)) != set(PLACEHOLDER.findall(texts(message.id)[0]))
    ]
    assert wrong == []


# Sentences about Chinese words, which stay Chinese in any language.
ABOUT_CHINESE_WORDS = {
    "人名也会转，范、余、于、岳等姓请对照原文",
    "名称以商会、协会结尾的单位会自动列在这里。",
    "底图文件 outline.geojson 没有审图号，不能使用。请用经批准的标准地图，并在文件最外层写上“审图号”，例如 GS(2024)0650号。",
}


def test_english_is_english():
    with_chinese = {
        message.id
        for message in catalog("en")
        if message.id
        for said in texts(message.string)
        if HAN.search(said)
    }
    assert with_chinese == ABOUT_CHINESE_WORDS
