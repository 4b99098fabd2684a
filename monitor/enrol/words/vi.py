"""Tiếng Việt."""

from typing import Final

VI: Final = {
    "unresolved": "{address}: không có thiết bị nào mang tên này: hãy ghi địa chỉ, ví dụ 10.20.0.1",
    "no_credentials": "{file}: chưa có thông tin truy cập thiết bị nào: hãy ghi vào mục `credentials`, ví dụ"
    " `v2: {{version: 2c, community: …}}`",
    "closed": "{address} đang bật nhưng SNMP của nó đang tắt (cổng UDP {port} đóng): hãy bật SNMP trong phần"
    " cài đặt của"
    " thiết bị",
    "no_way": "không có đường tới {address}: hãy kiểm tra lại địa chỉ, dây cáp hoặc VPN",
    "nothing_there": "không có gì trả lời tại {address}, kể cả ping: thiết bị đã bật chưa? Địa chỉ có đúng không?",
    "silent": "{address} đang bật nhưng không trả lời SNMP. Một trong ba lý do: SNMP đang tắt; community khác;"
    " hoặc thiết"
    " bị chỉ cho máy khác hỏi: hãy cho phép {source} trong cài đặt SNMP của thiết bị",
    "silent_no_ping": "{address} không trả lời SNMP, và từ máy này không biết được nó có bật hay không: hãy bật SNMP,"
    " đối chiếu community và cho phép {source} trong cài đặt SNMP của thiết bị",
    "wrong_community": "{address} đã bật SNMP nhưng không chấp nhận community nào trong số này: hãy đối chiếu"
    " với thiết bị,"
    " hoặc cho phép {source}. Thiết bị cũng dùng SNMPv3, nên có thể dùng tài khoản",
    "none_taken": "{address} có trả lời nhưng không chấp nhận thông tin truy cập nào đã biết",
    "try_silent": "không trả lời",
    "try_closed": "cổng đóng",
    "try_no_way": "không có đường tới",
    "try_unresolved": "không có tên này",
    "try_not_snmp": "nơi đó trả lời nhưng không phải SNMP: cổng {port} có đúng không?",
    "try_not_possible": "không thử được: {detail}",
    "try_user": "thiết bị không biết tài khoản này: hãy tạo tài khoản trên thiết bị, hoặc sửa `user`",
    "try_level": "thiết bị không cho tài khoản này vào theo cách đó: hãy xem nó cần `auth` và `privacy` hay không",
    "try_key": "tài khoản đúng nhưng mật khẩu sai: hãy đối chiếu `auth` và `auth_passphrase` với thiết bị",
    "try_privacy": "tài khoản và mật khẩu đúng, mật khẩu thứ hai sai: hãy đối chiếu `privacy` và"
    " `privacy_passphrase` với"
    " thiết bị",
    "try_time": "đồng hồ SNMP của thiết bị đã hết: hãy khởi động lại thiết bị, hoặc tạo lại SNMP engine",
    "try_nothing_shown": "cho vào nhưng không cho xem gì: hãy cấp quyền đọc toàn bộ (view, MIB-2)",
    "try_skipped": "không thử, để thiết bị khỏi khóa máy này",
    "try_refused": "bị từ chối: {detail}",
    "found": "{address} chấp nhận thông tin truy cập `{credentials}`",
    "is_a": "đó là {what}",
    "profile": "thiết bị được đọc theo hồ sơ `{profile}`: {what}",
    "profile_generic": "chưa có hồ sơ cho loại thiết bị này; chỉ đọc các bảng chuẩn (`{profile}`): {what}",
    "reads_nothing": "thiết bị không cho biết gì về nó",
    "reads_ports": "{count} cổng",
    "reads_cpu": "bộ xử lý",
    "reads_memory": "bộ nhớ",
    "reads_disks": "ổ đĩa",
    "reads_temperature": "nhiệt độ",
    "reads_fans": "quạt",
    "reads_supplies": "bộ nguồn",
    "reads_system": "lỗi tự báo",
    "reads_light": "tín hiệu quang",
    "reads_ups": "điện lưới và ắc quy",
    "reads_radio": "Wi-Fi",
    "reads_mobile": "sóng 4G",
    "reads_poe": "cấp điện qua dây mạng",
    "reads_sessions": "phiên PPP và BGP",
    "reads_duplex": "song công và số lần rớt cổng",
    "there_already": "{address} đã có trong danh mục với tên `{id}`",
    "role": "vai trò: {role}",
    "site": "thuộc điểm `{site}` ({why})",
    "which_site": "{address} thuộc điểm nào? Hãy ghi --site=ID, một trong {sites}",
    "no_site": "{file}: chưa có điểm nào để thêm vào: hãy ghi vào mục `sites`, hoặc dùng `linkward import`",
    "parent": "nối qua `{parent}` ({why})",
    "no_parent": "các thiết bị lân cận không cho biết nó nối qua đâu: nếu có, hãy tự ghi `depends_on`",
    "uplink": "đường lên là cổng {port} ({why})",
    "uplink_of_link": "đường truyền `{link}` nhận cổng này làm `interface`",
    "uplink_by_hand": "nếu đó là cổng của một đường truyền, hãy ghi `interface: {interface}` vào đường truyền ấy",
    "line_added": "đường truyền {provider} được thêm cùng: xin kiểm tra lại đích đo",
    "trying": "đang thử `{credentials}` …",
    "question": "Ghi vào tệp?",
    "kept": "không ghi gì",
    "written": "đã ghi: {file}",
    "reload": "để chương trình đang chạy đọc lại: `kill -HUP` tiến trình, hoặc"
    " `curl -X POST http://127.0.0.1:9841/-/reload`",
    "why_route": "tuyến mặc định đi qua đó, tới {evidence}",
    "why_station": "phía sau cổng là {evidence}",
    "why_neighbour": "{evidence}",
    "why_name": "theo tên cổng",
    "why_traffic": "cổng có nhiều lưu lượng nhất: xin kiểm tra lại",
    "why_gateway": "chặng kế tiếp là {evidence}",
    "why_only": "không có điểm nào khác",
    "why_network": "các thiết bị cùng mạng ở đó",
    "why_location": "thiết bị tự khai như vậy",
    "why_parent": "`{evidence}` ở đó",
    "why_given": "theo bạn ghi",
}
