/** Signs models with keys in HashiCorp Vault and OpenBao. */
module dev.modelsigning.kms.vault {
  requires transitive dev.modelsigning;
  requires static transitive org.jspecify;

  exports dev.modelsigning.kms.vault;

  provides dev.modelsigning.signingkey.KeyProvider with
      dev.modelsigning.kms.vault.VaultKeyProvider;
}
