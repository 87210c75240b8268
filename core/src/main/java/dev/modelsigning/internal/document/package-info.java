/** Parts that are common to all reports: JSON, text and HTML. */
@NullMarked
package dev.modelsigning.internal.document;

import org.jspecify.annotations.NullMarked;
