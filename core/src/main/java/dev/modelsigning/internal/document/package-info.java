/** What all reports in JSON have in common. */
@NullMarked
package dev.modelsigning.internal.document;

import org.jspecify.annotations.NullMarked;
