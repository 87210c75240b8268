/**
 * Verdicts as data, and how they are shown: for people, and as JSON. Everything that shows a
 * verdict shows this one, so that a build plugin says the same as the command line. It only
 * renders; nothing is decided here.
 */
@NullMarked
package dev.modelsigning.report;

import org.jspecify.annotations.NullMarked;
