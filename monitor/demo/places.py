"""The places of a ward: names as they stand over the doors of Phường Xuân Đỉnh, Hanoi, and how each is used."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

OFFICE_LOCATION: Final = (21.0712, 105.7843)
_METRES_PER_DEGREE: Final = 111_320.0
_RADIUS: Final = 1_150.0
_GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Use:
    """How a kind of place is used.

    Attributes:
        hours: Service hours, as the inventory writes them.
        citizens: Smallest and largest number of citizens in an hour.
    """

    hours: tuple[str, ...]
    citizens: tuple[int, int]


_WORKING_DAYS: Final = ("Mon-Fri 07:30-11:30", "Mon-Fri 13:30-17:00")
OFFICE: Final = Use(_WORKING_DAYS, (120, 120))
_CULTURE: Final = Use(("Mon-Fri 08:00-11:00", "Mon-Sun 17:00-21:00"), (10, 35))
_HEALTH: Final = Use(("Mon-Sat 07:00-11:30", "Mon-Sat 13:30-17:00"), (30, 60))
_SCHOOL: Final = Use(("Mon-Fri 07:00-17:00",), (20, 50))
_MARKET: Final = Use(("Mon-Sun 05:00-18:00",), (40, 90))
_SERVICE: Final = Use(_WORKING_DAYS, (25, 60))

_POINTS: Final = (
    ("diem-phuc-vu-xuan-tao", "Điểm phục vụ hành chính công Xuân Tảo", _SERVICE),
    ("tram-y-te", "Trạm Y tế phường Xuân Đỉnh", _HEALTH),
    ("nvh-trung-1", "Nhà văn hóa tổ dân phố Trung 1", _CULTURE),
    ("cho-xuan-dinh", "Chợ Xuân Đỉnh", _MARKET),
    ("th-xuan-dinh", "Trường Tiểu học Xuân Đỉnh", _SCHOOL),
    ("nvh-trung-2", "Nhà văn hóa tổ dân phố Trung 2", _CULTURE),
    ("thcs-xuan-dinh", "Trường THCS Xuân Đỉnh", _SCHOOL),
    ("nvh-dong", "Nhà văn hóa tổ dân phố Đông", _CULTURE),
    ("nvh-nhang", "Nhà văn hóa tổ dân phố Nhang", _CULTURE),
    ("diem-phuc-vu-co-nhue", "Điểm phục vụ hành chính công Cổ Nhuế", _SERVICE),
    ("nvh-tan-xuan-1", "Nhà văn hóa tổ dân phố Tân Xuân 1", _CULTURE),
    ("nvh-tan-xuan-2", "Nhà văn hóa tổ dân phố Tân Xuân 2", _CULTURE),
    ("buu-dien", "Điểm Bưu điện Văn hóa Xuân Đỉnh", _SERVICE),
    ("cho-xuan-tao", "Chợ Xuân Tảo", _MARKET),
    ("thpt-xuan-dinh", "Trường THPT Xuân Đỉnh", _SCHOOL),
    ("nvh-cao-dinh-1", "Nhà văn hóa tổ dân phố Cáo Đỉnh 1", _CULTURE),
    ("nvh-cao-dinh-2", "Nhà văn hóa tổ dân phố Cáo Đỉnh 2", _CULTURE),
    ("tram-y-te-xuan-tao", "Điểm trạm Y tế Xuân Tảo", _HEALTH),
    ("th-xuan-tao", "Trường Tiểu học Xuân Tảo", _SCHOOL),
    ("nvh-loc", "Nhà văn hóa tổ dân phố Lộc", _CULTURE),
    ("mn-xuan-dinh-a", "Trường Mầm non Xuân Đỉnh A", _SCHOOL),
    ("nvh-gian", "Nhà văn hóa làng Giàn", _CULTURE),
    ("diem-phuc-vu-tan-xuan", "Điểm phục vụ hành chính công Tân Xuân", _SERVICE),
    ("nvh-xuan-loc-1", "Nhà văn hóa tổ dân phố Xuân Lộc 1", _CULTURE),
    ("nvh-xuan-loc-2", "Nhà văn hóa tổ dân phố Xuân Lộc 2", _CULTURE),
    ("thu-vien", "Thư viện cộng đồng Xuân Đỉnh", _CULTURE),
    ("thcs-xuan-tao", "Trường THCS Xuân Tảo", _SCHOOL),
    ("nvh-tdp-1", "Nhà văn hóa tổ dân phố số 1", _CULTURE),
    ("nvh-tdp-2", "Nhà văn hóa tổ dân phố số 2", _CULTURE),
    ("cho-co-nhue", "Chợ Cổ Nhuế", _MARKET),
    ("mn-tan-xuan", "Trường Mầm non Tân Xuân", _SCHOOL),
    ("nvh-tdp-3", "Nhà văn hóa tổ dân phố số 3", _CULTURE),
    ("tram-y-te-co-nhue", "Điểm trạm Y tế Cổ Nhuế", _HEALTH),
    ("nvh-tdp-4", "Nhà văn hóa tổ dân phố số 4", _CULTURE),
    ("nvh-tdp-5", "Nhà văn hóa tổ dân phố số 5", _CULTURE),
    ("th-co-nhue", "Trường Tiểu học Cổ Nhuế", _SCHOOL),
    ("nvh-tdp-6", "Nhà văn hóa tổ dân phố số 6", _CULTURE),
    ("ngoai-giao-doan", "Điểm sinh hoạt cộng đồng Ngoại giao đoàn", _CULTURE),
    ("nvh-tdp-7", "Nhà văn hóa tổ dân phố số 7", _CULTURE),
    ("hoang-quoc-viet", "Điểm tiếp dân Hoàng Quốc Việt", _SERVICE),
)
_HOUSES_AMONG_THEM: Final = 7


@dataclass(frozen=True, slots=True)
class Place:
    """One community point.

    Attributes:
        slug: Its id in the inventory.
        name: As people call it.
        use: How it is used.
        location: Latitude and longitude in degrees.
    """

    slug: str
    name: str
    use: Use
    location: tuple[float, float]


def community_points(count: int, seed: int) -> tuple[Place, ...]:
    """``count`` points of the ward; after the known ones, further numbered houses of culture."""
    random = Random(f"places {seed}")  # noqa: S311  # a simulation must be repeatable
    names = _names()
    return tuple(Place(*next(names), _location(number, count, random)) for number in range(count))


def _names() -> Iterator[tuple[str, str, Use]]:
    yield from _POINTS
    number = _HOUSES_AMONG_THEM
    while True:
        number += 1
        yield f"nvh-tdp-{number}", f"Nhà văn hóa tổ dân phố số {number}", _CULTURE


def _location(number: int, count: int, random: Random) -> tuple[float, float]:
    # A sunflower spreads points evenly over a disc, and a ward is about as round as that.
    metres = _RADIUS * math.sqrt((number + 1) / count) * random.uniform(0.94, 1.0)
    angle = number * _GOLDEN_ANGLE
    latitude, longitude = OFFICE_LOCATION
    north = metres * math.cos(angle) / _METRES_PER_DEGREE
    east = metres * math.sin(angle) / (_METRES_PER_DEGREE * math.cos(math.radians(latitude)))
    return round(latitude + north, 5), round(longitude + east, 5)
