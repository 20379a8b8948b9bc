"""Lists copied from a spreadsheet: which column is what."""

import pytest

from worker_legal.web.staff.roster import MOST_ROWS, read_roster

ZHANG = {
    "name": "张三",
    "id_no": "999000198506150018",
    "phone": "13800000001",
    "claim_note": "8、9月",
    "claimed": "12,000.50",
}


@pytest.mark.parametrize(
    "line",
    [
        "张三\t999000198506150018\t13800000001\t8、9月\t12,000.50",
        "1\t张三\t13800000001\t999000198506150018\t12,000.50\t8、9月",
        "8、9月\t12,000.50\t张三\t999000198506150018\t13800000001",
        " 张三 \t 999000198506150018 \t 13800000001 \t 8、9月 \t 12,000.50 ",
    ],
)
def test_columns_are_told_by_their_shape(line: str) -> None:
    assert read_roster(line)[0] == ZHANG


def test_a_line_of_heads_names_the_columns() -> None:
    text = "序号\t姓名\t身份证号\t联系电话\t欠薪月份\t金额\n1\t李\t12\t34\t三个月\t待定"
    row = read_roster(text)[0]
    assert row == {
        "name": "李",
        "id_no": "12",
        "phone": "34",
        "claim_note": "三个月",
        "claimed": "待定",
    }


def test_a_column_that_only_counts_is_left_out() -> None:
    rows = read_roster("1\t张三\t100\n2\t李四\t200\n3\t王五\t300")
    assert [(row["name"], row["claimed"]) for row in rows] == [
        ("张三", "100"),
        ("李四", "200"),
        ("王五", "300"),
    ]


def test_a_line_of_totals_is_no_worker() -> None:
    assert len(read_roster("张三\t100.00\n李四\t50.00\n合计\t150.00")) == 2


def test_empty_lines_and_returns_do_no_harm() -> None:
    assert len(read_roster("\r\n张三\t100.00\r\n\r\n李四\t50.00\r\n")) == 2


def test_a_malformed_number_stays_with_its_person() -> None:
    rows = read_roster(
        "张三\t999000198506150018\t100\n李四\t99900019850615\t200\n王五\t999000198506150026\t300"
    )
    assert rows[1]["id_no"] == "99900019850615"


def test_nothing_pasted_gives_nothing() -> None:
    assert read_roster(" \n \n") == []


def test_a_list_without_end_is_cut() -> None:
    assert len(read_roster("张三\t100.00\n" * (MOST_ROWS + 50))) == MOST_ROWS


def test_names_of_several_words_are_names() -> None:
    assert read_roster("阿卜杜拉·热合曼\t100.00")[0]["name"] == "阿卜杜拉·热合曼"


def test_odd_names_are_names_all_the_same() -> None:
    assert read_roster("职工1\t100.00\n职工2\t200.00")[1]["name"] == "职工2"
