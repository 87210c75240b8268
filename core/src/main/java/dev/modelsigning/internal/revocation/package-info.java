/**
 * Whether certificates were revoked: by lists that the user gave, and by the services that
 * certificates name.
 */
@NullMarked
package dev.modelsigning.internal.revocation;

import org.jspecify.annotations.NullMarked;
