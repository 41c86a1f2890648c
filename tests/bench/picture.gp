# SPDX-License-Identifier: GPL-2.0-only
# The picture in docs/PERFORMANCE.md, to the file "output". Its data: a line for each group with its name, four costs and
# four labels, and a dot, tabs between.
set terminal svg size 1080,480 font "sans-serif,12" background "white"
set output output
set datafile separator "\t"
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.85 noborder
set boxwidth 0.9
set xrange [-0.6:5.6]
set yrange [0:*]
set format y "%'.0f"
set ylabel "instructions a packet"
set grid y linecolor "#dddddd"
set key outside top center horizontal
set xtics nomirror noenhanced
set ytics nomirror
set border 3
array names[4] = ["plain forwarding", "ipxlat", "ipxlat by fwd", "Jool"]
array colours[4] = ["#9aa5b1", "#1f6feb", "#79b8ff", "#d97706"]
plot for [i = 1:4] data using (column(i + 1)):xtic(1) linecolor rgb colours[i] title names[i], \
	for [i = 1:4] data using ($0 + (i - 2.5) * 0.2):(column(i + 1)):(stringcolumn(i + 5)) \
		with labels offset 0, 0.6 font ",9" notitle
