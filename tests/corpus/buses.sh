# 1: how many vehicles a day
cat buses.csv | sed 's/T..:..:..//' | cut -d ',' -f 1,4 | sort -u | cut -d ',' -f 1 | sort | uniq -c | awk -v OFS='\t' '{print $2, $1}'

# 2: how many days each vehicle was on its way
cat buses.csv | sed 's/T..:..:..//' | cut -d ',' -f 4,1 | sort -u | cut -d ',' -f 2 | sort | uniq -c | sort -k 1 -n | awk -v OFS='\t' '{print $2, $1}'

# 3: how many hours each vehicle was on its way
cat buses.csv | sed 's/T\(..\):..:../,\1/' | cut -d ',' -f 1,2,5 | sort -u | cut -d ',' -f 3 | sort | uniq -c | sort -k 1 -n | awk -v OFS='\t' '{print $2, $1}'

# 4: how many hours each line ran a day
cat buses.csv | sed 's/T\(..\):..:../,\1/' | awk -F, '!seen[$1 $2 $3] {seen[$1 $2 $3] = 1; h[$1 "," $3]++} END {for (k in h) print k "," h[k]}' | sort

# 5: vehicles by line
cat buses.csv | cut -d, -f2,4 | sort -u | cut -d, -f1 | uniq -c

# 6: the busiest hours
cat buses.csv | sed 's/^.*T\(..\):.*$/\1/' | sort | uniq -c | sort -k1,1nr -k2 | head -n 5

# 7: the first sight of each vehicle
sort -t, -k4,4 -k1,1 buses.csv | awk -F, '!s[$4]++ {print $4, $1}'

# 8: rides in and out
cut -d, -f3 buses.csv | sort | uniq -c

# 9: days by their rides
cat buses.csv | cut -dT -f1 | uniq -c | awk '$1 > 30 {print $2}'
