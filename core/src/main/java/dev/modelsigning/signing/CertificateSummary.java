package dev.modelsigning.signing;

import java.math.BigInteger;
import java.time.Instant;

/**
 * What an auditor wants to know about a certificate (RFC 5280).
 *
 * @param subject the distinguished name of its owner, which may be empty
 * @param issuer the distinguished name of the certificate authority
 * @param serial the number that its authority gave it
 * @param fingerprint SHA-256 of the certificate in DER, in lower-case hexadecimal
 * @param algorithm how its key signs, such as {@code ECDSA P-256}
 * @param notBefore the first time at which it is valid
 * @param notAfter the last time at which it is valid
 */
public record CertificateSummary(
    String subject,
    String issuer,
    BigInteger serial,
    String fingerprint,
    String algorithm,
    Instant notBefore,
    Instant notAfter) {}
