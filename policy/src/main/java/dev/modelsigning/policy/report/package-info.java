/**
 * Verdicts of a policy, and what is wrong with one, as text, JSON, SARIF and an HTML page. Above
 * the root, and only renders.
 */
@NullMarked
package dev.modelsigning.policy.report;

import org.jspecify.annotations.NullMarked;
