import { expect, test } from 'vitest'
import { type Traveller, Travellers } from '#gateway/travellers'

const newTraveller = (cut: () => void = () => {}): Traveller => ({ place: -1, cut })

test('those that leave in any order leave the others in', () => {
  const travellers = new Travellers()
  const all = Array.from({ length: 5 }, () => newTraveller())
  for (const one of all) travellers.add(one)
  const stays: number[] = []
  for (const at of [2, 4, 0]) {
    const one = all[at]
    if (one) travellers.remove(one)
    stays.push(travellers.size)
  }
  expect(stays).toEqual([4, 3, 2])
  expect(all.filter((_one, at) => at === 1 || at === 3).map(({ place }) => place)).toEqual(
    expect.arrayContaining([0, 1]),
  )
})

test('one that never entered, or left before, takes nobody with it', () => {
  const travellers = new Travellers()
  const [inside, stranger] = [newTraveller(), newTraveller()]
  travellers.add(inside)
  travellers.remove(stranger)
  expect(travellers.size).toBe(1)
  travellers.remove(inside)
  travellers.remove(inside)
  expect(travellers.size).toBe(0)
})

test('all are cut, also where each leaves as it is cut', () => {
  const travellers = new Travellers()
  let cuts = 0
  for (let count = 0; count < 4; count++) {
    const one: Traveller = newTraveller(() => {
      cuts += 1
      travellers.remove(one)
    })
    travellers.add(one)
  }
  travellers.cutAll()
  expect([cuts, travellers.size]).toEqual([4, 0])
})
