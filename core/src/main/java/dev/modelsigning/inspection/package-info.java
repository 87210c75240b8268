/**
 * The content of signature files, for display. Nothing here is verified, and everything is
 * presented as a claim.
 */
@NullMarked
package dev.modelsigning.inspection;

import org.jspecify.annotations.NullMarked;
