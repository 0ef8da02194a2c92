# Sequences of a FASTA file
grep -c '^>' genome.fa

# Their names
grep '^>' genome.fa | sed 's/^>//' | cut -d' ' -f1

# Bases in all
grep -v '^>' genome.fa | tr -d '\n' | wc -c

# Bases by kind
grep -v '>' genome.fa | fold -w 1 | sort | uniq -c

# GC content
grep -v '^>' genome.fa | tr -d '\n' | awk '{n = gsub(/[GC]/, ""); print n}'

# Length of each sequence
awk '/^>/ {if (n) print n, l; n = substr($1, 2); l = 0; next} {l += length($0)} END {print n, l}' genome.fa

# One line a sequence
awk '/^>/ {printf "%s%s\t", (NR > 1 ? "\n" : ""), $1; next} {printf "%s", $0} END {print ""}' genome.fa

# One line a sequence, shortest first
awk '/^>/ {printf "%s%s\t", (NR > 1 ? "\n" : ""), $1; next} {printf "%s", $0} END {print ""}' genome.fa | awk -F'\t' '{print length($2), $1}' | sort -n

# The reverse complement
grep -v '>' genome.fa | head -n 1 | rev | tr ACGT TGCA

# Lines with unknown bases
grep -v '^>' genome.fa | grep -c N

# A motif
grep -v '^>' genome.fa | grep -o 'GA[AT]T' | sort | uniq -c

# In lower case, names as they are
sed '/^>/!y/ACGTN/acgtn/' genome.fa | head -n 3

# k-mers of length 3
grep -v '^>' genome.fa | awk '{for (i = 1; i <= length($0) - 2; i++) print substr($0, i, 3)}' | sort | uniq -c | sort -rn | head -n 5

# DNA to RNA
sed '/^[^>]/s/T/U/g' genome.fa | tail -n 3

# Reads of a FASTQ file
awk 'END {print NR / 4}' reads.fastq

# Sequences only
awk 'NR % 4 == 2' reads.fastq | head -n 4

# Sequences only, by sed
sed -n '2~4p' reads.fastq | sort | uniq -c | sort -rn | head -n 3

# Lengths of reads
awk 'NR % 4 == 2 {print length($0)}' reads.fastq | sort -n | uniq -c

# FASTQ to FASTA
sed -n '1~4s/^@/>/p;2~4p' reads.fastq | head -n 4

# A record a line
paste - - - - < reads.fastq | cut -f1,2 | head -n 3

# Reads longer than 40
paste - - - - < reads.fastq | awk -F'\t' 'length($2) > 40' | tr '\t' '\n' | head -n 8

# Reads by their length, longest first, as FASTQ
cat reads.fastq | paste - - - - | awk '{print length($2), $0}' | sort -k1,1nr -k2,2 | cut -d' ' -f2- | tr '\t' '\n' | head -n 4

# Bases of reads
awk 'NR % 4 == 2' reads.fastq | grep -o . | sort | uniq -c

# Variants by chromosome
grep -v '^#' variants.vcf | cut -f1 | sort | uniq -c

# Variants that passed
awk -F'\t' '!/^#/ && $7 == "PASS"' variants.vcf | wc -l

# Filters
grep -v '^#' variants.vcf | cut -f7 | sort | uniq -c | sort -rn

# Substitutions
grep -v '^#' variants.vcf | awk 'length($4) == 1 && length($5) == 1 {print $4 ">" $5}' | sort | uniq -c | sort -rn

# Insertions
awk '!/^#/ && length($5) > length($4) {print $1 ":" $2}' variants.vcf

# Known variants
grep -v '^#' variants.vcf | cut -f3 | grep -o 'rs[0-9]*' | sort -V | head -n 5

# Depths
grep -oE 'DP=[0-9]+' variants.vcf | cut -d= -f2 | sort -n | tail -n 3

# Deep ones, by position
grep -v '^#' variants.vcf | sed 's/DP=\([0-9]*\);.*/\1/' | awk '$8 > 60' | sort -k1,1V -k2,2n | cut -f1,2,8

# Header kept, body sorted
grep '^#' variants.vcf | cat - <(grep -v '^#' variants.vcf | sort -k1,1 -k2,2nr) | tail -n 4

# VCF to BED
awk 'BEGIN {OFS = "\t"} !/^#/ {print $1, $2 - 1, $2}' variants.vcf | head -n 4

# Mean quality
grep -v '^#' variants.vcf | awk '{s += $6} END {print s / NR}'

# Features of a GFF
grep -v '^#' genes.gff | cut -f3 | sort | uniq -c

# Features by strand
awk -F'\t' '!/^#/ {print $3, $7}' genes.gff | sort | uniq -c

# Genes by their kind
cut -f9 genes.gff | grep -o 'biotype=[a-zA-Z_]*' | cut -d= -f2 | sort | uniq -c | sort -rn

# Lengths of exons
awk -F'\t' '$3 == "exon" {print $5 - $4 + 1}' genes.gff | sort -n | head -n 3

# Genes with most exons
awk '$3 == "exon"' genes.gff | grep -oP 'gene_id "\K[^"]+' | sort | uniq -c | sort -k1,1nr -k2 | head -n 4

# Length by chromosome
awk -F'\t' '!/^#/ {l[$1] += $5 - $4} END {for (c in l) print c, l[c]}' genes.gff | sort

# GFF to BED
grep -v '^#' genes.gff | awk -v OFS='\t' '$3 == "gene" {print $1, $4 - 1, $5, $9, 0, $7}' | sed 's/;.*"//' | head -n 3

# Mapped reads by chromosome
grep -v '^@' align.sam | cut -f3 | sort | uniq -c

# Flags
awk '!/^@/ {print $2}' align.sam | sort -n | uniq -c

# Unmapped reads
awk '!/^@/ && $3 == "*" {n++} END {print n + 0}' align.sam

# Mapping qualities of one chromosome
grep -P '\tchr1\t' align.sam | grep -v '^@' | cut -f5 | sort | uniq -c

# CIGAR operations
grep -v '^@' align.sam | cut -f6 | grep -oE '[MIDNSHP]' | sort | uniq -c

# Mismatches
grep -o 'NM:i:[0-9]*' align.sam | cut -d: -f3 | sort | uniq -c

# SAM to FASTQ
grep -v '^@' align.sam | awk '{print "@" $1 "\n" $10 "\n+\n" $11}' | head -n 4

# Peaks sorted by place
sort -k1,1 -k2,2n peaks.bed | head -n 4

# Best peaks
sort -k5,5nr peaks.bed | head -n 3 | cut -f4,5

# Width of peaks
awk '{print $3 - $2}' peaks.bed | sort -n | awk '{a[NR] = $1} END {print a[1], a[int(NR / 2)], a[NR]}'

# Bases covered
awk '{s += $3 - $2} END {print s}' peaks.bed

# A file for the reverse strand
awk '$6 == "-"' peaks.bed | sort -k1,1 -k2,2n | cut -f1-3

# Best hit of each query
sort -k1,1 -k7,7nr blast.tsv | awk '!s[$1]++'

# Best hit of each query, by sort
sort -k1,1 -k7,7nr blast.tsv | sort -u -k1,1

# Good hits
awk '$6 < 1e-5 && $3 > 80 {print $1, $2, $3}' blast.tsv | sort

# Accessions
cut -f2 blast.tsv | cut -d'|' -f2 | sort | uniq -c | sort -k1,1nr -k2 | head -n 4

# Hits sorted by their E value
sort -g -k6,6 blast.tsv | head -n 3

# Queries and all they hit
sort -u -k1,2 blast.tsv | awk '{h[$1] = h[$1] " " $2} END {for (q in h) print q h[q]}' | sort
