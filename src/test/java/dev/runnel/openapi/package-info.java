/** The description of the API (OpenAPI), read by the tests that hold it to the code. */
package dev.runnel.openapi;
