"""What a team has achieved, to look at and to take along.

    handlers         the functions get-team-scores, get-person-report, compare-attempts and export-table
    answers          what the first two take and answer. PURE
    comparing        several attempts of one person side by side. PURE
    tables           which tables can be exported, and their columns. PURE
    cells            what a cell may hold, so that a spreadsheet runs nothing. PURE
    csv_file         a table as CSV. PURE
    json_file        a table as JSON. PURE
    xlsx_file        a table as XLSX; the one importer of xlsxwriter
    exporting        from the database into a file, a batch of rows at a time
    queries          the statements, and the refusals of the database

Whose rows somebody sees is decided in the database (migrations 0018, and row-level security). What managers and admins
look at stands in the audit log.
"""
