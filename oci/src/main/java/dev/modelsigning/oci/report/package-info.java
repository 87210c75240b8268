/** What was pushed to a registry, and what refers to a model there, as text and JSON. */
@NullMarked
package dev.modelsigning.oci.report;

import org.jspecify.annotations.NullMarked;
