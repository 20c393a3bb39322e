// What fhir-kit-client makes, finds, changes and deletes. Argument: the address of a FHIR server.
// Prints one line for each thing done; ends with 1 at the first that is not as it should be.
import assert from 'node:assert/strict'
import { Client } from 'fhir-kit-client'

const NHS = 'https://fhir.nhs.uk/Id/nhs-number'
const fhir = new Client({ baseUrl: process.argv[2] })
const done = (what) => console.log(what)
const status = async (asking) => {
  try {
    await asking
  } catch (error) {
    return error.response.status
  }
  return 200
}

const capability = await fhir.capabilityStatement()
assert.equal(capability.fhirVersion, '4.0.1')
done('capability statement')

const grace = await fhir.create({
  resourceType: 'Patient',
  body: {
    resourceType: 'Patient',
    identifier: [{ system: NHS, value: '9990000018' }],
    name: [{ family: 'Okafor', given: ['Grace'] }],
    birthDate: '1948-03-02',
  },
})
const subject = { reference: `Patient/${grace.id}` }
for (let n = 0; n < 7; n += 1) {
  await fhir.create({
    resourceType: 'Observation',
    body: {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Potassium' },
      subject,
      effectiveDateTime: `2026-03-0${n + 1}`,
      valueQuantity: { value: n + 0.5, unit: 'mmol/L' },
    },
  })
}
done('create')

const found = []
let page = await fhir.search({
  resourceType: 'Observation',
  searchParams: { patient: grace.id, _count: 3, _sort: '-date' },
})
while (page) {
  found.push(...page.entry.map((one) => one.resource))
  page = await fhir.nextPage({ bundle: page })
}
assert.deepEqual(found.map((one) => one.valueQuantity.value), [6.5, 5.5, 4.5, 3.5, 2.5, 1.5, 0.5])
const compartment = await fhir.search({
  resourceType: 'Observation',
  compartment: { resourceType: 'Patient', id: grace.id },
})
assert.equal(compartment.entry.length, 7)
done('search, page by page, and a compartment')

const [first] = found
const changed = await fhir.update({
  resourceType: 'Observation',
  id: first.id,
  body: { ...first, status: 'amended' },
})
assert.equal(changed.meta.versionId, '2')
const patched = await fhir.patch({
  resourceType: 'Observation',
  id: first.id,
  jsonPatch: [{ op: 'replace', path: '/status', value: 'corrected' }],
})
assert.equal(patched.status, 'corrected')
const before = await fhir.vread({ resourceType: 'Observation', id: first.id, version: '1' })
assert.equal(before.status, 'final')
const versions = await fhir.history({ resourceType: 'Observation', id: first.id })
assert.deepEqual(versions.entry.map((one) => one.resource.meta.versionId), ['3', '2', '1'])
done('update, patch, vread, history')

const whose = 'urn:uuid:6b9f2f3e-2a53-4b3a-9d0c-0f6a3f1d7a12'
const told = await fhir.transaction({
  body: {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: whose,
        resource: { resourceType: 'Patient', name: [{ family: 'Example' }] },
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: {
          resourceType: 'Condition',
          code: { text: 'Asthma' },
          subject: { reference: whose },
        },
        request: { method: 'POST', url: 'Condition' },
      },
    ],
  },
})
assert.deepEqual(told.entry.map((one) => one.response.status), ['201 Created', '201 Created'])
done('transaction')

const everything = await fhir.operation({
  name: '$everything',
  resourceType: 'Patient',
  id: grace.id,
  method: 'GET',
})
assert.equal(everything.entry.length, 8)
const resolved = await fhir.resolve({ reference: first.subject.reference })
assert.equal(resolved.id, grace.id)
done('operation, and a reference resolved')

await fhir.delete({ resourceType: 'Observation', id: first.id })
assert.equal(await status(fhir.read({ resourceType: 'Observation', id: first.id })), 410)
assert.equal(await status(fhir.read({ resourceType: 'Observation', id: 'nobodys' })), 404)
assert.equal(
  await status(fhir.create({ resourceType: 'Patient', body: { resourceType: 'Patient', gender: 'x' } })),
  422,
)
done('delete, and what is wrong')
