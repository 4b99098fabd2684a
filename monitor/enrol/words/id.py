"""Bahasa Indonesia."""

from typing import Final

ID: Final = {
    "unresolved": "{address}: tidak ada perangkat dengan nama ini: tulis alamatnya, misalnya 10.20.0.1",
    "no_credentials": "{file}: belum ada akses ke perangkat mana pun: tulis di `credentials`, misalnya"
    " `v2: {{version: 2c, community: …}}`",
    "closed": "{address} menyala, tetapi SNMP-nya mati (port UDP {port} tertutup): nyalakan SNMP di pengaturan"
    " perangkat",
    "no_way": "tidak ada jalan ke {address}: periksa alamat, kabel, atau VPN",
    "nothing_there": "tidak ada yang menjawab di {address}, ping pun tidak: apakah menyala? Apakah alamatnya benar?",
    "silent": "{address} menyala, tetapi tidak menjawab SNMP. Salah satu dari tiga: SNMP mati; community-nya lain; atau"
    " hanya mesin lain yang boleh bertanya: izinkan {source} di pengaturan SNMP perangkat",
    "silent_no_ping": "{address} tidak menjawab SNMP, dan dari sini tidak dapat diketahui apakah ia menyala: nyalakan"
    " SNMP, bandingkan community, dan izinkan {source} di pengaturan SNMP perangkat",
    "wrong_community": "SNMP di {address} menyala, tetapi tidak menerima community mana pun ini: bandingkan dengan"
    " perangkat, atau izinkan {source}. Perangkat juga memakai SNMPv3, jadi bisa dengan pengguna",
    "none_taken": "{address} menjawab, tetapi tidak menerima akses mana pun yang dikenal",
    "try_silent": "tidak ada jawaban",
    "try_closed": "port tertutup",
    "try_no_way": "tidak ada jalan",
    "try_unresolved": "tidak ada nama ini",
    "try_not_snmp": "yang menjawab di sana bukan SNMP: apakah port {port} benar?",
    "try_not_possible": "tidak dapat dicoba: {detail}",
    "try_user": "perangkat tidak mengenal pengguna ini: buat di perangkat, atau perbaiki `user`",
    "try_level": "perangkat tidak menerima pengguna ini dengan cara itu: periksa apakah perlu `auth` dan `privacy`",
    "try_key": "pengguna benar, sandinya salah: bandingkan `auth` dan `auth_passphrase` dengan perangkat",
    "try_privacy": "pengguna dan sandinya benar, sandi kedua salah: bandingkan `privacy` dan"
    " `privacy_passphrase` dengan"
    " perangkat",
    "try_time": "jam SNMP perangkat sudah habis: mulai ulang perangkat, atau perbarui SNMP engine-nya",
    "try_nothing_shown": "diterima tetapi tidak diperlihatkan apa pun: beri hak membaca semuanya (view, MIB-2)",
    "try_skipped": "tidak dicoba, supaya perangkat tidak mengunci kita",
    "try_refused": "ditolak: {detail}",
    "found": "{address} menerima akses `{credentials}`",
    "is_a": "perangkat ini {what}",
    "there_already": "{address} sudah ada di daftar sebagai `{id}`",
    "role": "perannya: {role}",
    "site": "termasuk titik `{site}` ({why})",
    "which_site": "{address} termasuk titik mana? Tulis --site=ID, salah satu dari {sites}",
    "no_site": "{file}: belum ada titik untuk menambahkannya: tulis di `sites`, atau pakai `linkward import`",
    "parent": "terhubung melalui `{parent}` ({why})",
    "no_parent": "tetangganya tidak memberi tahu melalui apa ia terhubung: bila ada, tulis `depends_on` sendiri",
    "uplink": "jalan naiknya port {port} ({why})",
    "uplink_of_link": "jalur `{link}` mendapat port ini sebagai `interface`",
    "uplink_by_hand": "bila itu port sebuah jalur, tulis `interface: {interface}` pada jalur itu",
    "line_added": "jalur {provider} ditambahkan bersamanya: mohon periksa apa yang diukur",
    "trying": "mencoba `{credentials}` …",
    "question": "Tulis ini?",
    "kept": "tidak ada yang ditulis",
    "written": "ditulis: {file}",
    "reload": "agar program yang berjalan membacanya: `kill -HUP` prosesnya, atau"
    " `curl -X POST http://127.0.0.1:9841/-/reload`",
    "why_route": "rute bawaannya lewat sana, ke {evidence}",
    "why_station": "di belakangnya ada {evidence}",
    "why_neighbour": "{evidence}",
    "why_name": "menurut namanya",
    "why_traffic": "lalu lintasnya terbanyak: mohon periksa",
    "why_gateway": "lompatan berikutnya {evidence}",
    "why_only": "tidak ada yang lain",
    "why_network": "perangkat lain dari jaringannya ada di sana",
    "why_location": "perangkat itu sendiri mengatakannya",
    "why_parent": "`{evidence}` ada di sana",
    "why_given": "seperti yang Anda tulis",
}
