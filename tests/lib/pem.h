/* pem.h - a certificate for tests. */
#ifndef SOUNDER_TESTS_PEM_H
#define SOUNDER_TESTS_PEM_H

/* By openssl req -x509 -newkey rsa:2048 -addext subjectAltName=... */
static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
			  "MIIDljCCAn6gAwIBAgIUL0bIFB+xQZIWrlO/4cojJ8dSNOQwDQYJKoZIhvcNAQEL\n"
			  "BQAwNDELMAkGA1UEBhMCREUxDzANBgNVBAoMBkEsIEluYzEUMBIGA1UEAwwLd3d3\n"
			  "LmV4YW1wbGUwHhcNMjYxMTI5MDkwNjIyWhcNMzYxMTI2MDkwNjIyWjA0MQswCQYD\n"
			  "VQQGEwJERTEPMA0GA1UECgwGQSwgSW5jMRQwEgYDVQQDDAt3d3cuZXhhbXBsZTCC\n"
			  "ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBALHj1BS9Coq++B1j5dMrMCoP\n"
			  "ZwBgb1JMfU/FajAIb/bmjE1PeCPOBYOY8YRG5DereABpJJPtF+fASiDqSQCUuVKx\n"
			  "2MBDQHsePo6O6YKR64CfgLoAjExVcGZhbChWePavs/Vlx96Xc/X+gclOdYE+7Cn/\n"
			  "bVSKJ0APeL6B80t1ezdLs1C/1Zx/8x1NGspzJuovq2l5jvRDcfABqH+iCpZkZP2G\n"
			  "nTQPhOe/ia6M+VnYFN3/VbzshoTqVPdGVCyyijGVRquUyih7qlff8FLeMSlXuvyF\n"
			  "Q5csJKvqAs2y13EFS/eXfIKoipqONajfUxWpKA3trBXJKjvMU5iiRrfF0zcKXB0C\n"
			  "AwEAAaOBnzCBnDAdBgNVHQ4EFgQUyi04M7O5ybxpDGHR0Bbi5nOTgk8wHwYDVR0j\n"
			  "BBgwFoAUyi04M7O5ybxpDGHR0Bbi5nOTgk8wDwYDVR0TAQH/BAUwAwEB/zBJBgNV\n"
			  "HREEQjBAggt3d3cuZXhhbXBsZYIJKi5leGFtcGxlhwR/AAABhxAAAAAAAAAAAAAA\n"
			  "AAAAAAABgQNhQGKGCWh0dHA6Ly94LzANBgkqhkiG9w0BAQsFAAOCAQEAPET1d4At\n"
			  "F8QnCp5zQXA3SUCHzsGu+kxBnjfUc4ssocfw/LE2vltXT2g+BzsWwJRNVjttR5Ti\n"
			  "tqHD5YsLGBlTmDImwyXvb0FLOmSYQ9Q4u45MXSMDwz3i78JijtXt6JSBJjYMdtNZ\n"
			  "Yj5290pCBYvklSeGRrNNsi2vZ74fyYb7Qja840zdrLusyw09DO0zW9VgBe6JVhti\n"
			  "edHyOnDf1ftbwIwdBMQu5u3+LfMWhWWoXDl6qu5eKnVQIIvtfQEw1FNhOzVbWfxj\n"
			  "Q2KVQc9A5zOsoDKtptt/Vdvic/U/W6YXGZ2QbiJpfO5bTZrEu92mcxvj+g/ehYUo\n"
			  "3CafX/rye8R3Wg==\n"
			  "-----END CERTIFICATE-----\n";

#endif
