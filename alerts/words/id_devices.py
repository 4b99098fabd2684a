"""The phrases about unwell devices and ports in Indonesian."""

from collections.abc import Mapping
from typing import Final

DEVICES: Final[Mapping[str, str]] = {
    "opened.DeviceUnhealthy.temperature": "{what} terlalu panas",
    "opened.DeviceUnhealthy.fan": "Kipas {what} tidak berputar",
    "opened.DeviceUnhealthy.power_supply": "Satu catu daya {what} tidak memberi daya",
    "opened.DeviceUnhealthy.system": "{what} melaporkan dirinya rusak",
    "opened.DeviceUnhealthy.storage": "Satu disk {what} rusak",
    "opened.DeviceUnhealthy.storage_full": "Satu disk {what} hampir penuh",
    "opened.DeviceUnhealthy.cpu": "Prosesor {what} bekerja penuh",
    "opened.DeviceUnhealthy.memory": "Memori {what} hampir habis",
    "opened.DeviceUnhealthy.optical": "Cahaya yang diterima {what} terlalu lemah",
    "opened.DeviceUnhealthy.on_battery": "{what} memakai baterai, listrik padam",
    "opened.DeviceUnhealthy.battery_low": "Baterai {what} akan habis dalam beberapa menit",
    "opened.DeviceUnhealthy.battery": "Baterai {what} sudah aus atau rusak",
    "opened.DeviceUnhealthy.poe": "{what} tidak bisa lagi memberi daya lewat kabel jaringan",
    "opened.DeviceUnhealthy.bgp": "{what} kehilangan sesi perutean dengan tetangganya",
    "opened.InterfaceSpeedReduced.duplex": "Port {what} mengirim dan menerima bergantian (half duplex)",
    "over.DeviceUnhealthy.temperature": "{what} tidak lagi terlalu panas",
    "over.DeviceUnhealthy.fan": "Semua kipas {what} berputar lagi",
    "over.DeviceUnhealthy.power_supply": "Semua catu daya {what} memberi daya lagi",
    "over.DeviceUnhealthy.system": "{what} tidak lagi melaporkan kerusakan",
    "over.DeviceUnhealthy.storage": "Disk {what} sudah baik",
    "over.DeviceUnhealthy.storage_full": "Disk {what} sudah punya ruang",
    "over.DeviceUnhealthy.cpu": "Prosesor {what} sudah longgar",
    "over.DeviceUnhealthy.memory": "{what} punya memori kosong lagi",
    "over.DeviceUnhealthy.optical": "Cahaya yang diterima {what} sudah cukup kuat",
    "over.DeviceUnhealthy.on_battery": "{what} memakai listrik lagi",
    "over.DeviceUnhealthy.battery_low": "Baterai {what} tidak lagi hampir habis",
    "over.DeviceUnhealthy.battery": "Baterai {what} sudah baik",
    "over.DeviceUnhealthy.poe": "{what} memberi daya lewat kabel jaringan lagi",
    "over.DeviceUnhealthy.bgp": "Sesi perutean {what} terhubung lagi",
    "over.InterfaceSpeedReduced.duplex": "Port {what} mengirim dan menerima bersamaan lagi",
    "step.DeviceUnhealthy.temperature": "Lihat apakah kipasnya berputar, lubang anginnya bersih, dan ruangannya "
    "sejuk; beri tahu teknisi.",
    "step.DeviceUnhealthy.fan": "Periksa dan bersihkan kipas; jika tetap diam, ganti sebelum perangkat panas.",
    "step.DeviceUnhealthy.power_supply": "Lihat apakah kabel dayanya terpasang dan lampunya menyala; jika ya, ganti "
    "catu daya itu.",
    "step.DeviceUnhealthy.system": "Buka halaman pengelolaannya dan baca kerusakan apa yang dilaporkan; beri tahu "
    "teknisi.",
    "step.DeviceUnhealthy.storage": "Jangan matikan dan jangan cabut disk apa pun. Panggil teknisi untuk mengganti "
    "disk yang rusak.",
    "step.DeviceUnhealthy.storage_full": "Hapus atau pindahkan yang tidak diperlukan lagi.",
    "step.DeviceUnhealthy.cpu": "Lihat apakah ada yang memindahkan banyak data atau kabel yang melingkar; beri tahu "
    "teknisi.",
    "step.DeviceUnhealthy.memory": "Jadwalkan nyala ulang di luar jam layanan dan beri tahu teknisi.",
    "step.DeviceUnhealthy.optical": "Lihat agar kabel serat tidak tertekuk atau terjepit dan colokannya terpasang; "
    "jangan melihat ke ujungnya. Jika tetap lemah, hubungi pengelola serat.",
    "step.DeviceUnhealthy.on_battery": "Tanyakan di lokasi apakah listrik padam, dan matikan yang tidak diperlukan.",
    "step.DeviceUnhealthy.battery_low": "Matikan server dengan benar sekarang; yang bergantung pada baterai ini akan "
    "segera padam.",
    "step.DeviceUnhealthy.battery": "Ganti baterainya: saat listrik padam ia tidak akan bertahan.",
    "step.DeviceUnhealthy.poe": "Lihat kamera, telepon, dan titik akses mana yang mati; cabut yang terakhir dipasang.",
    "step.DeviceUnhealthy.bgp": "Hubungi penyedia atau teknisi router di ujung lain.",
    "step.InterfaceSpeedReduced.duplex": "Atur kedua ujung kabel itu agar bernegosiasi otomatis, dan ganti kabelnya.",
    "brief.DeviceUnhealthy.temperature": "Panas: kipas, debu",
    "brief.DeviceUnhealthy.fan": "Kipas mati",
    "brief.DeviceUnhealthy.power_supply": "Cek kabel catu daya",
    "brief.DeviceUnhealthy.system": "Lihat halaman perangkat",
    "brief.DeviceUnhealthy.storage": "Disk rusak: teknisi",
    "brief.DeviceUnhealthy.storage_full": "Disk hampir penuh",
    "brief.DeviceUnhealthy.cpu": "Prosesor penuh",
    "brief.DeviceUnhealthy.memory": "Memori hampir habis",
    "brief.DeviceUnhealthy.optical": "Cahaya lemah: cek serat",
    "brief.DeviceUnhealthy.on_battery": "Listrik padam, baterai",
    "brief.DeviceUnhealthy.battery_low": "Baterai hampir habis",
    "brief.DeviceUnhealthy.battery": "Ganti baterai UPS",
    "brief.DeviceUnhealthy.poe": "Gangguan PoE",
    "brief.DeviceUnhealthy.bgp": "Sesi BGP putus",
    "brief.InterfaceSpeedReduced.duplex": "Half duplex: cek ujung",
}
