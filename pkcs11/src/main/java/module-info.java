/** Signs models with keys in hardware tokens (PKCS #11). */
// The name PKCS #11 contains a number; JNA's jar has only an automatic module name.
@SuppressWarnings({"module", "requires-automatic"})
module dev.modelsigning.pkcs11 {
  requires transitive dev.modelsigning;
  requires com.sun.jna;
  requires static transitive org.jspecify;

  exports dev.modelsigning.pkcs11;

  provides dev.modelsigning.signingkey.KeyProvider with
      dev.modelsigning.pkcs11.Pkcs11KeyProvider;
}
