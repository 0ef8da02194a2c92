# The header
head -n 1 sales.csv

# The header, a column a line, numbered
head -n 1 sales.csv | tr ',' '\n' | nl

# Without its header
tail -n +2 sales.csv

# How many rows there are
sed 1d sales.csv | wc -l

# Sales by region
tail -n +2 sales.csv | cut -d, -f2 | sort | uniq -c | sort -rn

# Units by region
awk -F, 'NR > 1 {u[$2] += $4} END {for (r in u) print r, u[r]}' sales.csv | sort

# Turnover in all
awk -F, 'NR > 1 {t += $4 * $5} END {printf "%.2f\n", t}' sales.csv

# Turnover by product
awk -F, 'NR > 1 {t[$3] += $4 * $5} END {for (p in t) printf "%s %.2f\n", p, t[p]}' sales.csv | sort

# The largest orders
sed 1d sales.csv | sort -t, -k4,4nr | head -n 5

# The dearest sale of each product
tail -n +2 sales.csv | sort -t, -k3,3 -k5,5nr | sort -t, -u -k3,3

# Sales by month
tail -n +2 sales.csv | cut -c1-7 | sort | uniq -c

# Only one region and two columns
awk -F, '$2 == "north" {print $1, $3}' sales.csv

# Comma to tab
tr ',' '\t' < sales.csv | head -n 3

# As a table
column -s, -t sales.csv | head -n 5

# Columns in another order
awk 'BEGIN {FS = OFS = ","} {print $3, $1, $5}' sales.csv | head -n 4

# Rows that appear twice
sed 1d sales.csv | sort | uniq -d

# The days without a sale in the north
comm -23 <(sed 1d sales.csv | cut -d, -f1 | sort -u) <(grep ,north, sales.csv | cut -d, -f1 | sort -u) | head -n 5

# Products by region, counted
sed 1d sales.csv | awk -F, '{print $2 "/" $3}' | sort | uniq -c | sort -k2

# Header kept, rest sorted by date
sed -n '1!p' sales.csv | sort -t, -k1,1 | sed '1i date,region,product,units,price'

# Numbers of fields: is the file whole?
awk -F, '{print NF}' sales.csv | sort | uniq -c

# Rows that are broken
awk -F, 'NF != 5' sales.csv

# A running total
awk -F, 'NR > 1 {s += $4; print $1, s}' sales.csv | tail -n 3

# The largest and the smallest units
sed 1d sales.csv | cut -d, -f4 | sort -n | sed -n '1p;$p'

# The mean of a column
cut -d, -f5 sales.csv | sed 1d | awk '{s += $1} END {print s / NR}'

# Every tenth row
awk 'NR % 10 == 1' sales.csv

# A CSV of Windows
tr -d '\r' < people.csv | tail -n +2 | cut -d, -f2 | sort | head -n 5

# Carriage returns by sed
sed 's/\r$//' people.csv | cut -d, -f5 | sort | uniq -c

# Mail domains
sed 1d people.csv | cut -d, -f3 | cut -d@ -f2 | sort | uniq -c | sort -rn

# People without an age
awk -F, '$4 == "" {print $2}' people.csv

# The oldest
tail -n +2 people.csv | sort -t, -k4,4nr | cut -d, -f2,4 | head -n 3

# First names, accents and all
sed 1d people.csv | cut -d, -f2 | awk '{print $1}' | sort | uniq -c | sort -k1,1nr -k2

# Last names in capitals
cut -d, -f2 people.csv | awk 'NR > 1 {print toupper($2)}' | sort -u

# Ages by decade
awk -F, 'NR > 1 && $4 {d[int($4 / 10) * 10]++} END {for (k in d) print k, d[k]}' people.csv | sort -n

# Quoted fields
sed 1d people.csv | sed 's/[^,]*/"&"/g' | head -n 3

# As SQL
tail -n +2 people.csv | tr -d '\r' | awk -F, -v q="'" '{print "INSERT INTO people VALUES (" $1 ", " q $2 q ");"}' | head -n 3

# As JSON
sed 1d people.csv | jq -cR 'split(",") | {name: .[1], city: .[4]}' | head -n 3

# A table transposed
head -n 2 sales.csv | awk -F, '{for (i = 1; i <= NF; i++) r[i] = r[i] " " $i} END {for (i = 1; i in r; i++) print r[i]}'

# Salaries by department
cut -f3,4 employees.tsv | sort | awk -F'\t' '{s[$1] += $2} END {for (d in s) print d, s[d]}' | sort -k2,2nr

# How many earn more than 60000
awk -F'\t' '$4 > 60000' employees.tsv | wc -l

# Employees and their buildings
sort -t$'\t' -k3,3 employees.tsv | join -t$'\t' -1 3 -2 1 - departments.tsv

# Departments without employees
join -v 2 -1 1 -2 1 <(cut -f3 employees.tsv | sort -u) departments.tsv

# Building by building
sort -k3,3 employees.tsv | join -1 3 - departments.tsv | awk '{print $NF}' | sort | uniq -c

# The best paid of each department
sort -t$'\t' -k3,3 -k4,4nr employees.tsv | awk -F'\t' '!seen[$3]++ {print $3, $2, $4}'

# Years of entry
cut -f5 employees.tsv | sort -n | uniq -c

# The youngest and the oldest contract
cut -f5 employees.tsv | sort -n | awk 'NR == 1 {first = $1} {last = $1} END {print first, last}'

# Two columns put together again
paste <(cut -f2 employees.tsv) <(cut -f4 employees.tsv) | sort -k2,2nr | head -n 4

# Numbered rows
cat -n employees.tsv | tail -n 3

# The unique values of every row's third column, on a line
cut -f3 employees.tsv | sort -u | paste -sd,

# Columns exchanged
awk -F'\t' -v OFS='\t' '{t = $1; $1 = $2; $2 = t; print}' employees.tsv | head -n 3

# Tabs made visible
sed -n 1,3p employees.tsv | cat -A

# A pivot of department and year
awk -F'\t' '{n[$3, $5]++} END {for (k in n) {split(k, p, SUBSEP); print p[1], p[2], n[k]}}' employees.tsv | sort

# Sums of each row of a matrix
awk '{s = 0; for (i = 1; i <= NF; i++) s += $i; print s}' matrix.txt

# Sums of each column
awk '{for (i = 1; i <= NF; i++) s[i] += $i} END {for (i = 1; i <= NF; i++) printf "%d ", s[i]; print ""}' matrix.txt

# The largest of a column
awk '$3 > m {m = $3} END {print m}' matrix.txt

# Points by name, with the sum of their first coordinate
awk '{x[$1] += $2; n[$1]++} END {for (k in x) print k, x[k] / n[k]}' points.txt | sort

# Each point once
sort -u points.txt | sort -k1,1 -k2,2n -k3,3n

# Left and right by key
join left.txt right.txt

# Keys of the left alone
join -v 1 left.txt right.txt | cut -d' ' -f1 | uniq

# An outer join with blanks filled
join -a 1 -a 2 -e - -o 0,1.2,2.2 left.txt right.txt

# Keys in both
comm -12 <(cut -d' ' -f1 left.txt | sort -u) <(cut -d' ' -f1 right.txt | sort -u)
