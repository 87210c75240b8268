package dev.modelsigning.signing;

import java.math.BigInteger;
import java.time.Instant;

/**
 * The main fields of a certificate (RFC 5280).
 *
 * @param subject the distinguished name of its owner, which may be empty
 * @param issuer the distinguished name of the certificate authority
 * @param serial its serial number
 * @param fingerprint SHA-256 of the certificate in DER, in lower-case hexadecimal
 * @param algorithm the signature scheme of its key, such as {@code ECDSA P-256}
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
