/**
 * The signing method {@code certificate}: an elliptic-curve key whose X.509 certificate says whose
 * it is (OMS 4.1, 8.2; RFC 5280).
 *
 * <pre>{@code
 * ModelSigner.using(CertificateSigner.load(Path.of("key.pem"), Path.of("cert.pem")))
 *     .sign(model, signature);
 * ModelVerifier.using(CertificateVerifier.load(Path.of("ca.pem"), "release@bank.example"))
 *     .verify(model, signature);
 * }</pre>
 *
 * <p>So verified, the certificate must be valid now, and nobody is asked whether it was revoked.
 * With time stamps, a signature outlives its certificate:
 *
 * <pre>{@code
 * CertificateVerifier verifier =
 *     CertificateVerifier.builder()
 *         .trust(Path.of("ca.pem"))
 *         .identity("release@bank.example")
 *         .checkRevocationOnline(true)
 *         .timestamps(TimestampVerifier.load(List.of(Path.of("tsa.pem"))))
 *         .build();
 * ModelVerifier.using(verifier).verify(model, signature);
 * }</pre>
 */
@NullMarked
package dev.modelsigning.certificate;

import org.jspecify.annotations.NullMarked;
