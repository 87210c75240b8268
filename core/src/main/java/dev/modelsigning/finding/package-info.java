/**
 * Findings for readers of a verdict, as data, and the rules that define them. All rules, and all
 * reasons why verification fails, are described in {@code docs/findings.md}.
 */
@NullMarked
package dev.modelsigning.finding;

import org.jspecify.annotations.NullMarked;
