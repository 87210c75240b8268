package dev.modelsigning.man;

/**
 * The version and date printed on the pages.
 *
 * @param version the version of the program
 * @param date the date of its build, as in 2025-01-31
 */
record Edition(String version, String date) {}
