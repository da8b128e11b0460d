"""What is wrong with a value, in Vietnamese, for every kind of error that pydantic tells."""

from collections.abc import Mapping
from typing import Any

ANY = "Giá trị không hợp lệ."
WRONG_KIND = "Sai kiểu dữ liệu."
# By pydantic's type of error (https://docs.pydantic.dev/latest/errors/validation_errors/); braces
# are what the error tells beside it.
MESSAGES = {
    "missing": "Thiếu mục này.",
    "extra_forbidden": "Không có mục tên này; hãy xem lại chính tả.",
    "json_invalid": "Không phải JSON đúng dạng.",
    "json_type": "Không phải JSON đúng dạng.",
    "model_type": "Cần gửi một đối tượng JSON.",
    "model_attributes_type": "Cần gửi một đối tượng JSON.",
    "dict_type": "Cần một đối tượng JSON.",
    "mapping_type": "Cần một đối tượng JSON.",
    "list_type": "Cần một danh sách.",
    "tuple_type": "Cần một danh sách.",
    "set_type": "Cần một danh sách.",
    "frozen_set_type": "Cần một danh sách.",
    "too_short": "Cần ít nhất {min_length} phần tử.",
    "too_long": "Chỉ nhận tối đa {max_length} phần tử.",
    "string_type": "Cần là chữ.",
    "string_unicode": "Có ký tự không đọc được.",
    "string_too_short": "Quá ngắn: cần ít nhất {min_length} ký tự.",
    "string_too_long": "Quá dài: tối đa {max_length} ký tự.",
    "string_pattern_mismatch": "Không đúng dạng.",
    "string_not_ascii": "Chỉ nhận chữ không dấu.",
    "literal_error": "Chỉ nhận một trong: {expected}.",
    "enum": "Chỉ nhận một trong: {expected}.",
    "bool_type": "Cần là true hoặc false.",
    "bool_parsing": "Cần là true hoặc false.",
    "int_type": "Cần là số nguyên.",
    "int_parsing": "Cần là số nguyên.",
    "int_parsing_size": "Số quá lớn.",
    "int_from_float": "Cần là số nguyên, không có phần lẻ.",
    "float_type": "Cần là số.",
    "float_parsing": "Cần là số.",
    "finite_number": "Cần là một số có hạn.",
    "decimal_type": "Cần là số.",
    "decimal_parsing": "Cần là số.",
    "multiple_of": "Cần là bội của {multiple_of}.",
    "greater_than": "Cần lớn hơn {gt}.",
    "greater_than_equal": "Cần từ {ge} trở lên.",
    "less_than": "Cần nhỏ hơn {lt}.",
    "less_than_equal": "Cần từ {le} trở xuống.",
    "date_type": "Cần là ngày, ví dụ 2026-11-24.",
    "date_parsing": "Cần là ngày, ví dụ 2026-11-24.",
    "date_from_datetime_parsing": "Cần là ngày, ví dụ 2026-11-24.",
    "date_from_datetime_inexact": "Cần là ngày, không kèm giờ.",
    "date_past": "Ngày phải ở quá khứ.",
    "date_future": "Ngày phải ở tương lai.",
    "time_type": "Cần là giờ, ví dụ 17:00.",
    "time_parsing": "Cần là giờ, ví dụ 17:00.",
    "datetime_type": "Cần là ngày giờ, ví dụ 2026-11-24T17:00:00+07:00.",
    "datetime_parsing": "Cần là ngày giờ, ví dụ 2026-11-24T17:00:00+07:00.",
    "datetime_from_date_parsing": "Cần là ngày giờ, ví dụ 2026-11-24T17:00:00+07:00.",
    "datetime_object_invalid": "Cần là ngày giờ, ví dụ 2026-11-24T17:00:00+07:00.",
    "datetime_past": "Thời điểm phải ở quá khứ.",
    "datetime_future": "Thời điểm phải ở tương lai.",
    "timezone_naive": "Không ghi múi giờ ở đây.",
    "timezone_aware": "Cần ghi múi giờ, ví dụ +07:00.",
    "url_type": "Cần là địa chỉ web.",
    "url_parsing": "Địa chỉ web không đúng dạng.",
    "url_syntax_violation": "Địa chỉ web không đúng dạng.",
    "url_too_long": "Địa chỉ quá dài.",
    "url_scheme": "Địa chỉ phải bắt đầu bằng {expected_schemes}.",
    "uuid_type": "Mã không đúng dạng.",
    "uuid_parsing": "Mã không đúng dạng.",
    "union_tag_invalid": "Chỉ nhận một trong: {expected_tags}.",
    "union_tag_not_found": "Thiếu mục cho biết loại.",
    "recursion_loop": "Dữ liệu lồng nhau quá sâu.",
    "value_error": "Giá trị không hợp lệ: có ký tự không phải chữ, hoặc không dùng được ở đây.",
    "assertion_error": ANY,
}


def validation_message(kind: str, context: Mapping[str, Any] | None = None) -> str:
    """What an error of that type means, for people.

    Never empty, whatever a new release of pydantic tells.
    """
    told = MESSAGES.get(kind)
    if told is None:
        return WRONG_KIND if kind.endswith("_type") else ANY
    try:
        return told.format_map(dict(context or {}))
    except (KeyError, ValueError):
        return told.partition(":")[0].partition("{")[0].strip() or ANY
