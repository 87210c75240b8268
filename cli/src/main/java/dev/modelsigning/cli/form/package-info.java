/**
 * The common commands from a table, so that no annotation is read when they start.
 *
 * <p>The annotations stay what counts: the table is made from them by a test, and whatever is not a
 * command line that can be run as it is goes to them.
 */
@NullMarked
package dev.modelsigning.cli.form;

import org.jspecify.annotations.NullMarked;
