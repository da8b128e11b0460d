"""What pictures show, and what only words can tell: by this a caption is known."""

import re

# Who or what is to be seen; headings name causes and results instead.
SUBJECTS = re.compile(
    r"(?:các |những |một |đông đảo |nhiều |toàn thể )?(?:đại biểu|đại diện|thành viên|đồng chí|lãnh đạo|bà con|"
    r"người dân|"
    r"nhân dân|hội viên|đoàn viên|thanh niên|cán bộ|chiến sĩ|lực lượng|học sinh|thầy|cô|em|ông|bà|anh|chị|cụ|"
    r"già làng|"
    r"du khách|tiết mục|công nhân|bác sĩ|nông dân|tổ|đội|đoàn|ban|mô hình|gian hàng|vườn|ruộng|cánh đồng|"
    r"con đường|tuyến đường|cây cầu|ngôi nhà|căn nhà|khu|lớp|suất|phần quà|chủ tịch|phó chủ tịch|bí thư|"
    r"trưởng|phó|công an|dân quân|phụ nữ|cựu chiến binh|giáo viên|đội viên|vận động viên|nghệ nhân|"
    r"tiểu thương|mái|đình|chùa|trường|trụ sở|công trình|cháu|thiếu nhi|"
    r"giao diện|màn hình|tin nhắn|ảnh chụp|hiện trường|tang vật|đối tượng|chân dung|bản đồ|sơ đồ|phối cảnh|biển|"
    r"trẻ|chị em|phật tử|giáo dân|người cao tuổi|du kích|ngư dân|tàu|thuyền|xe|hội trường|bếp|sân|không khí|"
    r"mẹ|bé|khoảnh khắc|niềm vui|nụ cười|lễ|buổi|hội nghị|món|sản phẩm|bánh|luống|đàn|đám|gia đình|hộ|gốc|cây|"
    r"diện mạo|quang cảnh|trận|pha|màn|máy|kiểm lâm|nhân viên|kỹ sư|y tá|y sĩ|điều dưỡng|bộ đội|biên phòng|"
    r"cảnh sát|tình nguyện viên|khán giả|thí sinh|phụ huynh|góc)\b.*"
)
# Named alone, they say that they are to be seen.
THINGS = re.compile(
    r"(?:(?:các|những|một) )?(?:tiết mục|pha|màn|quang cảnh|diện mạo|nụ cười|khoảnh khắc|không gian|ngôi nhà|"
    r"con đường|tuyến đường|gian hàng|giờ ra chơi|cây cầu|mô hình|phiên họp|phối cảnh)\b"
)
# What people do in pictures, and where they stand.
SHOWN = re.compile(
    r"\b(?:bên|trao|tặng|kiểm tra|thăm|chụp|phát biểu|tham gia|tham quan|chuẩn bị|thu hoạch|chăm sóc|giới thiệu|"
    r"hướng dẫn|thi công|đang|tại|ký kết|bàn giao|dọn|vận chuyển|chuyển|tuần tra|trồng|biểu diễn|xem|"
    r"trải nghiệm|dự|cắt băng|gói|nấu|dâng hương|khám|bế|cầm|đứng|ngồi|gặt|hái|vui mừng|phấn khởi|"
    r"trước khi|sau khi|nhìn từ|"
    r"trong ngày|trong lễ|trong buổi|tại lễ|tại buổi|đọc|vui chơi|múa|hát|"
    r"nạo vét|đóng gói|phát (?:cháo|tờ rơi|gạo|sách|áo)|"
    r"thu gom|lấy mẫu|cân đo|đo|bốc|xếp|vớt|kéo|chèo|phát quà|nhận quà|thi đấu|nghe|"
    r"lắng nghe|học|chơi|tập|"
    r"rửa|quét|sửa|đổ|cấp phát|phun|tiêm|cân|cấy|xếp hàng|trao đổi|tiếp nhận|"
    r"nhộn nhịp|đông đảo|tập trung|bán|mua|bày|trưng bày|phơi|dựng|treo|chở|khiêng|gác|chăm|truyền dạy|cập bến|"
    r"khơi thông|dạy|phủ|làm căn cước|cuốc|tưới|cắt|đan|dệt|may|vẽ)\b"
)
# Headings say what is to be done, and what came of it.
HEADS = re.compile(
    r"(?:một số (?:việc|nội dung|kết quả|giải pháp|lưu ý|điểm)|những (?:việc|điều|kết quả|nghề|giải pháp|khó khăn)|"
    r"cần|để|vì|hiệu quả|kết quả|nâng cao|phát huy|tăng cường|đẩy mạnh|xây dựng|tạo|chủ động|giữ|bảo đảm|đảm bảo|"
    r"từ|khi|khó khăn|giải pháp|mở rộng|đổi mới|lan tỏa|hướng|vượt|thay đổi|không|hãy|nhiều|về|chung tay|"
    r"đồng lòng)\b.*"
)
WHERE_ALONE = frozenset(("tại", "bên"))  # of SHOWN: they name nothing that is done
SOME = re.compile(r"(?:những|các|một|đông đảo|nhiều|hàng) ")
ONE_OF_MANY = re.compile(
    r"\b(?:(?:tại|ở|của|trong|bên|cho) một|một (?:cụ|em|cháu|người|gia đình|hộ|bà|ông|chị|anh|học sinh|bệnh nhân)) "
)
WHOSE = re.compile(r"(?:[^\W\d_]{1,10} ){1,4}của .*")  # “Chòi canh của tổ bảo vệ rừng”
PLACE = re.compile(
    r"\b(?:tại|ở|trên|bên|cạnh|giữa|trước|trong|ngoài|dưới|năm) [^,.:;]{3,40}\.?\Z"
)
# What a text says and no picture shows.
TELLS = re.compile(
    r"\b(?:là|có|được|bị|đã|sẽ|vẫn|còn|cũng|rất|không|chưa|phải|cần|nên|hãy|đều|chỉ|khoảng|hơn|nhất|nhằm|do|vì|"
    r"nếu|khi|để|nhờ|khỏi|hết|mỗi|mọi|toàn bộ|miễn phí|ai|nào|gì|từ|đến (?:hết|nay|cuối)|nay|hôm|\d giờ|tháng|tuần|"
    r"sáng|chiều|tối|(?:ngày|năm|thứ) \d|(?:chủ nhật|thứ (?:hai|ba|tư|năm|sáu|bảy))|\d đồng|triệu|giá|thu nhập|"
    r"diễn ra|kết thúc|"
    r"bắt đầu|kéo dài|tiếp tục|đạt|tăng|giảm|gồm|dự kiến|cho biết|nói|kể(?! chuyện)|chia sẻ|khẳng định|nhấn mạnh|"
    r"đánh giá|yêu cầu|đề nghị|biểu dương|ghi nhận|thống nhất|kết luận|thảo luận|mong|(?<!chào )mừng|chúc|góp|"
    r"ủng hộ|"
    r"vận động|hoàn thành|(?<!ban )tổ chức|bảo đảm|thành công|tốt đẹp|chiếm|thuộc|trở thành|mang lại|giúp|gây|"
    r"thu hút|lên đường|nhau|khai nhận|đưa vào|tại (?:sao|đây))\b"
)
REPORTS = re.compile(  # as sentences of a report begin
    r"(?:sau|trong|tại|ngay|cùng|theo|bên cạnh|ngoài|tiếp|trước|nhân|từ|đến|dịp|ngày|sáng|trưa|chiều|tối|đêm|qua|"
    r"với|"
    r"năm|tháng|tuần|hiện|đây|đó|tuy|nhưng|vậy|như|mỗi|hằng|hàng|toàn|cả|tham dự|tham gia|dự)\b.*"
)
INSTRUCTS = re.compile(
    r"(?:nộp|mang|gọi|liên hệ|rửa|uống|ăn|ngủ|đậy|giữ|tránh|dùng|sử dụng|mời|kính mời|thực hiện|chuẩn bị|bón|đi|"
    r"theo dõi|báo|đăng ký|cấm|tắt|thời gian|địa điểm|hồ sơ|xin)\b.*"
)
COUNTED = re.compile(
    r"(?<!số )(?<!tổ )(?<!khu )(?<!lớp )(?<!thôn )(?<!ấp )(?<!năm )"
    r"\b(?:\d[\d.,]{0,12}|hai|ba|bốn|sáu|bảy|tám|chín|mười) (?!và\b|tại\b|ở\b)[^\W\d_]"
)
