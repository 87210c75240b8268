/**
 * Verdicts as data, and their output: as text, JSON, SARIF and HTML. All programs use this output,
 * so that a build plugin reports the same as the command line. It only renders; no decisions are
 * made here.
 */
@NullMarked
package dev.modelsigning.report;

import org.jspecify.annotations.NullMarked;
