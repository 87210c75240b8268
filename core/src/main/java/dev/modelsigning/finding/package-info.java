/**
 * What readers of a verdict should know, as data: findings, and the rules that they are by. All
 * rules, and all reasons why verification fails, are described in {@code docs/findings.md}.
 */
@NullMarked
package dev.modelsigning.finding;

import org.jspecify.annotations.NullMarked;
