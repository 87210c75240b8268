/** Signs models with keys in hardware tokens (PKCS #11). */
// PKCS #11 has its number in its name; the jar of JNA has a name for modules, and no more.
@SuppressWarnings({"module", "requires-automatic"})
module dev.modelsigning.pkcs11 {
  requires transitive dev.modelsigning;
  requires com.sun.jna;
  requires static transitive org.jspecify;

  exports dev.modelsigning.pkcs11;

  provides dev.modelsigning.signingkey.KeyProvider with
      dev.modelsigning.pkcs11.Pkcs11KeyProvider;
}
