# SPDX-License-Identifier: BSD-2-Clause
# The places of src/base/places.h in man pages and the sample configuration, as FreeBSD has them.
s|^\.Pq on FreeBSD .*|.Ns .|
s|/etc/irqctl|/usr/local/etc/irqctl|g
s|/run/irqctl|/var/run/irqctl|g
s|^#socket_group = root$|#socket_group = wheel|
s|^Default: root\.$|Default: wheel.|
