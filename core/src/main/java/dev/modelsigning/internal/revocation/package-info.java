/**
 * Revocation of certificates: with CRLs that the user gave, and with the services that certificates
 * name.
 */
@NullMarked
package dev.modelsigning.internal.revocation;

import org.jspecify.annotations.NullMarked;
