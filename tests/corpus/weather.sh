# The highest temperature of all, by fields
cut -c 89-92 weather.txt | grep -v 999 | sort -rn | head -n 1

# The lowest, signs too
grep -v '+9999' weather.txt | cut -c 88-92 | sort -n | head -n 1

# The highest by year
awk '{t = substr($0, 88, 5) + 0; y = substr($0, 16, 4); if (t != 9999 && t > m[y]) m[y] = t} END {for (y in m) print y, m[y]}' weather.txt | sort

# Records that can be trusted
cut -c 93 weather.txt | grep -c '[01459]'

# Records by station
cut -c 5-10 weather.txt | sort | uniq -c

# Records by month
cut -c 20-21 weather.txt | sort -n | uniq -c | sort -rn | head -n 3

# The hottest days of a city
grep Nice temperatures.txt | sort -k2,2nr | head -n 3

# The hottest days, a year
grep ^2019 temperatures.txt | sort -rn -k2 | head -n 5 | cut -d' ' -f1

# Frost by city
awk '$2 < 0 {f[$3]++} END {for (c in f) print c, f[c]}' temperatures.txt | sort

# Mean by month
awk '{m = substr($1, 1, 6); s[m] += $2; n[m]++} END {for (m in s) printf "%s %.1f\n", m, s[m] / n[m]}' temperatures.txt | sort

# Highest and lowest by city
sort -k3,3 -k2,2n temperatures.txt | awk '$3 != c {if (c) print c, lo, hi; c = $3; lo = $2} {hi = $2} END {print c, lo, hi}'

# Days that both cities have
comm -12 <(grep Oslo temperatures.txt | cut -d' ' -f1 | sort) <(grep Nice temperatures.txt | cut -d' ' -f1 | sort)
