// The program; see CLI.
