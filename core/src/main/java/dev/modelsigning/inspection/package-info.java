/**
 * What signature files say, for those who look at them. Nothing here is verified, and whatever is
 * shown is shown as a claim.
 */
@NullMarked
package dev.modelsigning.inspection;

import org.jspecify.annotations.NullMarked;
